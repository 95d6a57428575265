use super::*;
use proptest::prelude::*;
use std::{
    hint::black_box,
    sync::LazyLock,
    time::{Duration, Instant},
};

fn links(text: &str) -> Vec<&str> {
    let link = |piece| if let Segment::Link(link) = piece { Some(link) } else { None };
    linkify(text).into_iter().filter_map(link).collect()
}

fn assert_link(text: &str, link: &str) {
    assert_eq!(links(text), [link], "{text}");
}

#[test]
fn links_end_where_the_sentence_goes_on() {
    for (text, link) in [
        ("보세요 https://example.com/a?b=c#d.", "https://example.com/a?b=c#d"),
        ("https://example.com에서 봐요", "https://example.com"),
        ("https://example.com/a를 보세요", "https://example.com/a"),
        ("https://example.com/입니다!", "https://example.com/"),
        ("https://ko.wikipedia.org/wiki/사랑방", "https://ko.wikipedia.org/wiki/사랑방"),
        ("(http://a.example/b_(c))", "http://a.example/b_(c)"),
        ("http://localhost:3000/room/1,", "http://localhost:3000/room/1"),
        ("<https://a.example>", "https://a.example"),
        ("[여기](https://a.example/b[1])", "https://a.example/b[1]"),
        ("https://a.example/b(새 창)", "https://a.example/b"),
        ("https://a.example/b( 새 창 )", "https://a.example/b"),
    ] {
        assert_link(text, link);
    }
}

#[test]
fn signs_that_may_end_an_address_stay_with_it() {
    for link in [
        "https://youtu.be/a1B2c3D4e5_",
        "https://youtu.be/a1B2c3D4e__",
        "https://youtu.be/a1B2c3D4e5-",
        "https://example.com/list=abc~",
        "https://example.com/~minji",
        "https://example.com/?q=",
        "https://example.com/#",
        "https://example.com?list=abc~",
        "https://example.com/a+",
        "https://example.com/100%25",
        "https://example.com/a=b&",
    ] {
        assert_link(link, link);
        assert_link(&format!("{link} 보세요"), link);
        assert_link(&format!("({link})"), link);
        assert_link(&format!("{link}."), link);
    }
}

#[test]
fn emphasis_around_a_link_is_no_part_of_it() {
    let link = "https://example.com/a";
    for around in ["*", "**", "***", "_", "__", "~", "~~", "**_", "_**", "~~**"] {
        let close: String = around.chars().rev().collect();
        for text in [
            format!("{around}{link}{close}"),
            format!("{around}{link}{close}에서 봐요"),
            format!("({around}{link}{close})"),
            format!("{around}({link}){close}"),
        ] {
            assert_link(&text, link);
        }
    }
    assert_link("_https://youtu.be/a1B2c3D4e5__", "https://youtu.be/a1B2c3D4e5_");
}

#[test]
fn emphasis_that_began_words_earlier_is_no_part_of_a_link() {
    let link = "https://example.com/a";
    for around in ["*", "**", "***", "_", "__", "~", "~~", "**_", "_**", "~~**", "__*", "~_"] {
        let close: String = around.chars().rev().collect();
        for text in [
            format!("{around}공지: {link}{close}"),
            format!("{around}see {link}{close}"),
            format!("{around}see {link}{close}."),
            format!("{around}see {link}.{close}"),
            format!("{around}(see {link}){close}"),
            format!("({around}참고 {link}{close})"),
            format!("‘{around}참고 {link}{close}’를"),
            format!("안내:\n{around}참고\n{link}{close}\n끝"),
            format!("{around}참고 {link}{close}에서 봐요"),
            format!("{around}먼저{close} 그리고 {around}참고 {link}{close}"),
            format!("snake_case 5~6시 {around}참고 {link}{close}"),
        ] {
            assert_link(&text, link);
        }
    }
    for (text, link) in [
        ("**_공지_: https://example.com/a**", link),
        ("**공지 _https://example.com/a_**", link),
        ("**공지 (*꼭*) https://example.com/a**", link),
        ("**공지: https://example.com/a**(꼭 보세요)", link),
        ("**공지: https://example.com/a**: 꼭 보세요", link),
        ("~~옛날 곳 https://example.com/a~~새로운 곳", link),
        ("이것은**공지 https://example.com/a**입니다", link),
        ("**https://example.com**에서", "https://example.com"),
        ("_see https://example.com_에서", "https://example.com"),
        ("__링크: https://youtu.be/a1B2c3D4e5___", "https://youtu.be/a1B2c3D4e5_"),
        ("~참고 https://example.com/list=abc~~", "https://example.com/list=abc"),
    ] {
        assert_link(text, link);
    }
    let several =
        "_see https://a.example/a_ and **다음 https://b.example/b** and https://c.example/c_";
    assert_eq!(
        links(several),
        ["https://a.example/a", "https://b.example/b", "https://c.example/c_"]
    );
}

#[test]
fn signs_without_an_opener_stay_with_the_address() {
    for link in [
        "https://youtu.be/a1B2c3D4e5_",
        "https://youtu.be/a1B2c3D4e__",
        "https://example.com/list=abc~",
        "https://example.com/files/*",
    ] {
        for before in [
            "",
            "snake_case ",
            "파일_이름 ",
            "__init__ ",
            "_closed_ ",
            "_강조_는 ",
            "**굵게** *기울임* ~~취소~~ ",
            "**마크다운(Markdown)**을 ",
            "3 * 4 ",
            "* 항목 ",
            "5~6시 ",
            "월~금 ",
            "안녕~ ",
            "^_^ ",
            ">_< ",
            "~/docs ",
            "/_next/ ",
            "_ ",
            "** ",
            "_열기만 하고\n\n",
            "https://youtu.be/b1B2c3D4e5_ ",
        ] {
            let text = format!("{before}{link}");
            assert_eq!(links(&text).last(), Some(&link), "{text}");
            let text = format!("{before}{link} 보세요");
            assert_eq!(links(&text).last(), Some(&link), "{text}");
        }
    }
    for other in ["*", "**", "~", "~~"] {
        let text = format!("{other}see https://youtu.be/a1B2c3D4e5_{other}");
        assert_link(&text, "https://youtu.be/a1B2c3D4e5_");
    }
}

#[test]
fn hangul_behind_a_host_is_judged_alike_whatever_its_domain() {
    for host in [
        "example.한국",
        "한국.한국",
        "사랑방.닷컴",
        "www.example.삼성",
        "example.com",
        "한국.kr",
        "localhost:3000",
    ] {
        let link = format!("http://{host}");
        for behind in [
            "에서",
            "에서/",
            "은/는",
            "을/를",
            "에서?",
            "으로/",
            "이에요!",
            "에서는/",
            "에서#",
            "에서/https",
            "에서만나요",
            "에서만나요/저녁",
        ] {
            assert_link(&format!("{link}{behind}"), &link);
            assert_link(&format!("**주소: {link}**{behind}"), &link);
        }
        for path in ["/", "/길가에", "/길", "?말=나", "#의", "/a_b"] {
            assert_link(&format!("{link}{path}"), &format!("{link}{path}"));
        }
    }
    for link in [
        "http://nas.우리집/길",
        "http://우리집/길가에",
        "http://nas우리집/길",
        "http://sk텔레콤.com/a",
    ] {
        assert_link(link, link);
    }
}

#[test]
fn hangul_behind_an_address_is_not_part_of_it() {
    for (text, link) in [
        ("https://example.com/abc123ㅋㅋㅋ", "https://example.com/abc123"),
        ("https://example.com/notice에는~", "https://example.com/notice"),
        ("https://example.com/a.html입니다~", "https://example.com/a.html"),
        ("https://example.com/a에서~!", "https://example.com/a"),
        ("https://example.com/a요~ㅎㅎ", "https://example.com/a"),
        ("https://example.com에서~", "https://example.com"),
        ("https://example.com~", "https://example.com"),
        ("https://example.com*", "https://example.com"),
        ("https://example.com_ 보세요", "https://example.com"),
        ("https://example.com/abc123ㅠㅠ", "https://example.com/abc123"),
        ("https://example.com/ㅋㅋㅋ", "https://example.com/"),
        ("https://example.comㅎㅎ", "https://example.com"),
        ("https://ko.wikipedia.org/wiki/사랑방ㅋㅋ", "https://ko.wikipedia.org/wiki/사랑방"),
        ("https://example.com/a입니다ㅋㅋ", "https://example.com/a"),
        ("https://example.com/a입니다.ㅋㅋ", "https://example.com/a"),
        ("https://example.com/notice에는", "https://example.com/notice"),
        ("https://example.com/a에서는", "https://example.com/a"),
        ("https://example.com/a에서도 돼요", "https://example.com/a"),
        ("https://example.com/a까지만", "https://example.com/a"),
        ("https://example.com/a이라고요", "https://example.com/a"),
        ("https://example.com/a.html이에요", "https://example.com/a.html"),
        ("https://example.com/a에서만나요그리고저녁도먹어요", "https://example.com/a"),
        ("https://example.com/a.그리고", "https://example.com/a"),
        ("https://youtu.be/a1B2c3D4e5_에서", "https://youtu.be/a1B2c3D4e5_"),
        ("https://example.com/notice/에서", "https://example.com/notice/"),
        ("https://example.com/b_(c)는", "https://example.com/b_(c)"),
        ("안내(https://example.com/a)참고", "https://example.com/a"),
        ("**https://example.com/a**참고", "https://example.com/a"),
        ("https://한국.한국에서", "https://한국.한국"),
        ("https://사랑방.닷컴은요", "https://사랑방.닷컴"),
        ("https://한국.kr에서", "https://한국.kr"),
        ("http://localhost:3000에서", "http://localhost:3000"),
        ("https://example.com/길/센텀2로에서", "https://example.com/길/센텀2로"),
        ("https://example.com/게시판12에서", "https://example.com/게시판12"),
    ] {
        assert_link(text, link);
    }
}

#[test]
fn hangul_directly_behind_letters_and_digits_goes_on_with_the_sentence() {
    for link in [
        "https://example.com/abc123",
        "https://example.com/a",
        "https://youtu.be/dQw4w9WgXcQ?t=12s",
        "https://example.com/board/view?no=123456",
        "https://ko.wikipedia.org/wiki/%EC%82%AC%EB%9E%91%EB%B0%A9",
        "https://example.com/사진/abc123",
        "http://[fd00::1]:3000/abc",
    ] {
        for behind in [
            "이요",
            "라면",
            "이라면",
            "이라",
            "였어",
            "이었어요",
            "이었습니다",
            "뿐",
            "뿐이에요",
            "든",
            "이든",
            "들",
            "들은",
            "들이",
            "인듯",
            "임다",
            "좀",
            "여기서",
            "여기서만나자",
            "이거",
            "이거봐주세요",
            "(클릭)",
            "(클릭)하세요",
            "[링크]",
            "클릭",
            "참고해주세요",
            "요",
            "임",
            "만",
            "하고",
            "에서요",
            "으로와",
            "입니다",
            "이요.ㅋㅋ",
            "이거!",
            "좀~",
            "뿐이고",
            "래",
            "냐",
        ] {
            assert_link(&format!("{link}{behind}"), link);
            assert_link(&format!("여기 {link}{behind} 보세요"), link);
        }
    }
}

#[test]
fn letters_of_all_languages_and_signs_of_titles_stay() {
    for title in [
        "မြန်မာ",
        "ခေါင်း",
        "ភាសាខ្មែរ",
        "ក្រុង",
        "བོད་ཡིག",
        "می‌خواهم",
        "خانه‌ها",
        "ශ්‍රී_ලංකාව",
        "ภาษาไทย",
        "हिन्दी",
        "ꦗꦮ꧀ꦲ",
        "Who's_on_First",
        "Rock_'n'_Roll",
        "McDonald's",
        "L'Île",
        "H₂O",
        "x²",
        "x²+y²",
        "10℃",
        "C♯",
        "B♭",
        "½",
        "37°",
        "C언어",
        "KBS뉴스",
        "IVE(가수)",
        "2024년",
        "1호선",
        "abc가나다마을",
        "서울(동음이의)",
    ] {
        let link = format!("https://example.com/wiki/{title}");
        assert_link(&link, &link);
        assert_link(&format!("{link}_(b)/c 보세요"), &format!("{link}_(b)/c"));
    }
}

#[test]
fn a_quotation_ends_a_link() {
    for quote in ["'@'", "'@'를", "'@', 'b'", "'see @'.", "_'@'_", "_'see @'_", "href='@'>"] {
        for link in ["https://example.com/a", "https://example.com"] {
            assert_link(&quote.replace('@', link), link);
        }
    }
    assert_link("https://example.com's page", "https://example.com");
}

#[test]
fn capitals_and_numbers_in_brackets_begin_a_link() {
    for link in [
        "Https://example.com/a",
        "HTTPS://EXAMPLE.COM/a",
        "hTTp://Example.com",
        "http://[::1]:3000/",
        "http://[::1]",
        "HTTP://[::1]/a[1]",
        "http://[fd00::1]:3000/a",
        "http://[::ffff:192.168.0.7]:3000/room/1?a=b",
    ] {
        assert_link(link, link);
        assert_link(&format!("여기{link}에서 봐요"), link);
        assert_link(&format!("([{link}])"), link);
        assert_eq!(links(&format!("{link},{link}")), [link, link]);
    }
}

#[test]
fn hangul_of_an_address_is_part_of_it() {
    for link in [
        "https://ko.wikipedia.org/wiki/종로5가",
        "https://ko.wikipedia.org/wiki/종로_5가",
        "https://example.com/길/센텀2로",
        "https://example.com/길/세종대로",
        "https://example.com/서울ㆍ부산",
        "https://namu.wiki/w/C언어",
        "https://namu.wiki/w/서울_1호선",
        "https://namu.wiki/w/ㅋㅋㅋ",
        "https://namu.wiki/w/이",
        "https://ko.wikipedia.org/wiki/ㄱ",
        "https://ko.wikipedia.org/wiki/3·1_운동",
        "https://ko.wikipedia.org/wiki/서울_(동음이의)",
        "https://example.com/찾기?말=나",
        "https://example.com/#의",
        "https://한국.한국",
        "https://한국.한국/길",
        "https://nas.우리집",
        "https://ja.wikipedia.org/wiki/東京タワー",
        "https://hi.wikipedia.org/wiki/हिन्दी",
    ] {
        assert_link(link, link);
        assert_link(&format!("{link} 보세요"), link);
        assert_link(&format!("‘{link}’"), link);
    }
}

#[test]
fn what_no_address_has_ends_it() {
    let link = "https://example.com/a";
    for behind in [
        "\u{200B}", "\u{FEFF}", "\u{2060}", "\u{AD}", "\u{200F}", "\u{3164}", "\u{3000}", "😀",
        "👍🏽", "❤️", "🇰🇷", "★", "→", "©", "①", "…", "。", "、", "，", "．", "！", "？", "：", "；",
        "）", "】", "〉", "》", "」", "』", "”", "’", "＞", "］", "｝", "～", "·", "—", "\u{85}",
        "\u{2028}",
    ] {
        for more in ["", "다음", "next", "\u{200B}"] {
            assert_link(&format!("{link}{behind}{more}"), link);
        }
    }
    for (open, close) in
        [("（", "）"), ("《", "》"), ("【", "】"), ("「", "」"), ("“", "”"), ("［", "］")]
    {
        assert_link(&format!("안내{open}{link}{close}참고"), link);
    }
}

#[test]
fn several_links_are_told_apart() {
    for between in [" ", ",", ", ", ";", "·", "랑", ")(", "\n", "，", "**, **"] {
        let text = format!("https://a.example/a{between}http://b.example/b");
        assert_eq!(links(&text), ["https://a.example/a", "http://b.example/b"], "{text}");
    }
    for link in [
        "https://web.archive.org/web/2020/https://example.com/",
        "https://example.com/?to=https://example.org/a",
    ] {
        assert_link(link, link);
    }
}

#[test]
fn nothing_else_is_a_link() {
    for text in [
        "javascript:alert(1)",
        "http://",
        "https:// a",
        "xhttp://a.example",
        "ftp://a.example",
        "http",
        "http://-",
        "http://①",
        "http://\u{3164}",
        "https://）",
        "xHTTPS://a.example",
        "http://[host]/",
        "http://[dead]/",
        "http://[::1/",
        "http://[",
        "://a.example",
    ] {
        assert_eq!(links(text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn a_message_has_fifty_links_at_most() {
    for between in [" ", "\n", ", ", "·", " 그리고 ", ")("] {
        let addresses: Vec<_> = (0..120).map(|n| format!("https://a.example/{n}")).collect();
        let text = addresses.join(between);
        assert_eq!(links(&text), addresses[..MAX_LINKS], "the first ones");
        assert_eq!(joined(&text), text);
        let Some(Segment::Text(rest)) = linkify(&text).last().copied() else { panic!("{text}") };
        assert!(rest.ends_with("https://a.example/119"), "further ones are text");
    }
}

fn joined(text: &str) -> String {
    let text_of = |piece| match piece {
        Segment::Text(text) | Segment::Link(text) => text,
    };
    linkify(text).into_iter().map(text_of).collect()
}

/// Parts of which a message of the greatest length may consist, to cost as much as possible.
const NASTY: [&str; 39] = [
    "http://a",
    "http://-",
    "https://",
    "http",
    "ahttp://a",
    ",http://a",
    "_http://a",
    "**http://a",
    "http://a**/",
    "http://a.한국에서/",
    "http://a은/",
    "HTTPS://a",
    "http://[::",
    "://",
    "a(가",
    "A가",
    "a'_",
    "이라",
    "_a",
    "**가",
    "~~ ",
    "\n\n",
    "a",
    "가",
    "에서",
    "로.",
    "5가",
    "ㅋ",
    "(",
    ")",
    "[",
    "]",
    "*",
    "_",
    "~",
    ".",
    "/",
    "·",
    "\u{301}",
];
const LENGTH: usize = 4_000;
static PLAIN: LazyLock<Duration> = LazyLock::new(|| {
    let plain = "가".repeat(LENGTH);
    least(|| {
        black_box(plain.chars().filter(|c| belongs(*c)).count());
    })
});

/// Each unit repeated, one after the other.
fn in_turn(units: &[&str]) -> String {
    let part = |unit: &&str| repeated(unit, LENGTH / units.len());
    units.iter().map(part).collect()
}

fn repeated(unit: &str, length: usize) -> String {
    unit.chars().cycle().take(length).collect()
}

/// The least of several measurements: a busy machine makes each longer, never shorter.
fn least(work: impl Fn()) -> Duration {
    let measure = |_| {
        let began = Instant::now();
        work();
        began.elapsed()
    };
    (0..3).map(measure).min().unwrap_or_default()
}

/// Compared with reading each character of a plain text once. A search that reads its text again for each
/// address would read it hundreds of times.
fn assert_cheap(text: &str) {
    let plain = *PLAIN;
    let taken = least(|| {
        black_box(linkify(text));
    });
    let shape: String = text.chars().take(60).collect();
    assert!(taken < plain * 40, "{shape}…: {taken:?}, where plain text takes {plain:?}");
}

#[test]
fn no_text_costs_more_than_some_passes_over_it() {
    assert_cheap(&("http://-".repeat(166) + &")".repeat(2_667)));
    for first in NASTY {
        for second in NASTY {
            assert_cheap(&in_turn(&[first, second]));
            assert_cheap(&repeated(&format!("{first}{second}"), LENGTH));
        }
    }
}

proptest! {
    #[test]
    fn the_pieces_are_the_text(text in "(https?://|[가-힣a-z./()?!,<>\" ]|\\PC){0,40}") {
        prop_assert_eq!(joined(&text), text);
    }

    #[test]
    fn a_link_is_http_and_has_no_space(text in "(https?://|javascript:|[가-힣a-z./ ]|\\PC){0,40}") {
        for link in links(&text) {
            let lower = link.to_ascii_lowercase();
            prop_assert!(lower.starts_with("http://") || lower.starts_with("https://"));
            prop_assert!(link.len() > "https://".len() || lower.starts_with("http://"));
            prop_assert!(!link.contains(char::is_whitespace));
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_mixture_of_the_worst_is_cheap(units in prop::collection::vec(prop::sample::select(&NASTY[..]), 1..6)) {
        assert_cheap(&in_turn(&units));
        assert_cheap(&repeated(&units.concat(), LENGTH));
    }
}
