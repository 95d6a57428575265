//! The end of a link: without the punctuation of the sentence around it, and without the Korean particles
//! written directly after it. In `https://example.com에서 봐요` the link ends before 에서, while 사랑방 in
//! `https://ko.wikipedia.org/wiki/사랑방` belongs to it.

use super::{emphasis::Emphasis, is_hangul, is_joint, is_loose_jamo};

/// Signs and Korean may alternate at an end, as in `…/a입니다.ㅋㅋ`; they are removed in so many rounds.
const ROUNDS: usize = 4;
/// What ends a host.
pub(super) const AFTER_HOST: [char; 3] = ['/', '?', '#'];
/// In bytes: the longest text that is taken for a title, and the longest Hangul behind another word that is
/// taken for particles.
const MAX_TITLE: usize = 4;
const MAX_NO_NAME: usize = 4 * '가'.len_utf8();

/// Removes what belongs to the sentence. `body` is the address without its scheme.
pub(super) fn trim(mut emphasis: Emphasis, body: &str) -> &str {
    let mut link = trim_signs(&mut emphasis, body);
    for _ in 0..ROUNDS {
        let shorter = trim_signs(&mut emphasis, trim_hangul(link));
        if shorter.len() == link.len() {
            break;
        }
        link = shorter;
    }
    link
}

/// How many bytes before a path, a query or a fragment are the host: all, unless particles follow it, as in
/// `https://example.com은/는`.
pub(super) fn of_host(host: &str) -> usize {
    let Some((before, last, run)) = hangul_at_end(host) else { return host.len() };
    let (kept, rest) = run.split_at(in_host(last, run));
    if is_of_sentence(rest) { before.len() + kept.len() } else { host.len() }
}

/// `*`, `_` and `~` may be the last characters of an address, unless emphasis began before it.
fn trim_signs<'a>(emphasis: &mut Emphasis, link: &'a str) -> &'a str {
    let mut link = link;
    while let Some(last) = link.chars().next_back() {
        if matches!(last, '*' | '~') && link.strip_suffix(last).is_some_and(|it| it.ends_with(last))
        {
            link = link.trim_end_matches(last);
            continue;
        }
        let goes = match last {
            '.' | ',' | '!' | '?' | ';' | ':' | '(' | '[' | '\'' => true,
            '*' | '_' | '~' => emphasis.end(last) || ends_a_sentence(link, last),
            last => is_joint(last),
        };
        if !goes {
            break;
        }
        link = link.strip_suffix(last).unwrap_or_default();
    }
    link
}

/// Whether the last sign does not belong to the address: after a host, which has none, or the `~` with which
/// Korean ends a friendly sentence, after Hangul.
fn ends_a_sentence(link: &str, last: char) -> bool {
    let before = link.strip_suffix(last).unwrap_or_default();
    last == '~' && before.ends_with(is_hangul) || !before.contains(AFTER_HOST)
}

/// Removes the Hangul at the end that does not belong to the address.
fn trim_hangul(link: &str) -> &str {
    let Some((before, last, run)) = hangul_at_end(link) else { return link };
    let kept = match before.split_once(AFTER_HOST) {
        None => in_host(last, run),
        Some((_, path)) => in_path(last, run, path),
    };
    link.get(..before.len() + kept).unwrap_or(link)
}

/// The Hangul at the end of a text, with the text before it and the last character of that.
fn hangul_at_end(text: &str) -> Option<(&str, char, &str)> {
    let before = text.trim_end_matches(is_hangul);
    let run = text.get(before.len()..).filter(|run| !run.is_empty())?;
    Some((before, before.chars().next_back()?, run))
}

/// How many bytes of a run of Hangul belong to the host.
fn in_host(last: char, run: &str) -> usize {
    match last {
        '.' if begins_with_one_of(DOMAINS, run) => DOMAIN,
        '.' | '-' => run.len(),
        // After a port, a sign, or a label that is not Hangul.
        last if last.is_ascii() => 0,
        _ => run.len(),
    }
}

/// The same for a path, its query and fragment. `path` is what precedes the run, without the first slash.
fn in_path(last: char, run: &str, path: &str) -> usize {
    let begins_a_name = !path.is_empty() && begins_name(last);
    if let Some(at) = run.find(is_loose_jamo)
        && (at > 0 || !begins_a_name)
    {
        return at;
    }
    let step = path.rsplit(begins_name).next().unwrap_or_default();
    let after_hangul = step.contains(is_hangul);
    // As in 종로5가 and 센텀2로.
    let unit = run
        .chars()
        .next()
        .filter(|unit| last.is_ascii_digit() && after_hangul && matches!(unit, '가' | '로'));
    let unit = unit.map_or(0, char::len_utf8);
    let rest = run.get(unit..).unwrap_or_default();
    let goes = match last {
        '*' => true,
        '.' | ',' | '!' | ';' | ':' => !after_hangul,
        '/' => particles(rest) && (path.is_empty() || rest.chars().count() > 1),
        '_' | '-' | '~' => particles(rest) && !after_hangul,
        '=' | '?' | '#' | '&' => false,
        last if last.is_ascii_alphanumeric() => {
            is_of_sentence(rest) || !after_hangul && !is_title_with(step, rest)
        }
        _ => particles(rest),
    };
    if goes { unit } else { run.len() }
}

/// Whether this segment of a path, or value of a query, and the Hangul after it are one name: `C언어` and
/// `2024년`, or else a long word that does not end like a sentence.
fn is_title_with(step: &str, run: &str) -> bool {
    let is_number = step.len() <= MAX_TITLE && step.bytes().all(|byte| byte.is_ascii_digit());
    is_title(step)
        || is_number && begins_with_one_of(UNITS, run)
        || run.len() > MAX_NO_NAME && !any(ENDINGS, &|last| run.ends_with(last))
}

/// Whether a name or a segment of a path may begin after this character.
pub(super) const fn begins_name(c: char) -> bool {
    matches!(c, '/' | '=' | '?' | '#' | '&')
}

/// As in `C언어`, `KBS뉴스`, `IVE(가수)`.
pub(super) fn is_title(step: &str) -> bool {
    step.len() <= MAX_TITLE && step.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether these syllables are particles that follow a noun, and nothing else.
fn particles(run: &str) -> bool {
    is_one_of(ALONE, run)
        || is_one_of(TO_BE, run.strip_prefix('이').unwrap_or(run))
        || any(FIRST, &|first| {
            run.strip_prefix(first).is_some_and(|rest| rest.is_empty() || is_one_of(SECOND, rest))
        })
}

/// Whether these syllables are particles, or begin with one and continue the sentence.
fn is_of_sentence(run: &str) -> bool {
    particles(run) || begins_with_one_of(UNMISTAKABLE, run)
}

fn begins_with_one_of(words: &str, run: &str) -> bool {
    any(words, &|word| run.starts_with(word))
}

fn is_one_of(words: &str, run: &str) -> bool {
    any(words, &|word| word == run)
}

/// Not generic: so it is in the WASM only once.
fn any(words: &str, fits: &dyn Fn(&str) -> bool) -> bool {
    words.split(' ').any(fits)
}

// Lists of words separated by spaces: as tables they would take twice as much WASM.

/// The top-level domains in Hangul, and the bytes of each.
const DOMAINS: &str = "한국 닷컴 닷넷 삼성";
const DOMAIN: usize = "한국".len();

/// No word begins like this: it is a particle, whatever follows.
const UNMISTAKABLE: &str =
    "에서 에게 으로 까지 부터 입니다 이라고 이에요 이었 였 한테 인듯 임다 여기 이거";

/// Particles and forms of "to be" that nothing else follows.
const ALONE: &str = "\
    은 는 이 가 을 를 도 임 입니다 예요 인데 인데요 인가요 인지 일까요 뿐 뿐만 뿐이에요 좀";

/// Of these, the ones that may also follow 이.
const TO_BE: &str = "\
    야 다 에요 고 며 네요 죠 요 나 든 든지 라 라고 라는 란 라면 라서 라도 거든요";

/// Particles that another may follow.
const FIRST: &str = "\
    에 에서 에게 에게서 한테 한테서 께 께서 로 으로 와 과 랑 이랑 하고 \
    의 만 부터 까지 보다 처럼 만큼 대로 밖에 조차 마다 들";

const SECOND: &str = "는 은 도 만 의 나 요 이 을 까지 부터 서 서는 서도 만은 까지는";

/// Counters, as in `2024년` and `1호선`.
const UNITS: &str = "년 월 일 호 세 대 차 급 번 층 박";

/// The last syllables of sentences.
const ENDINGS: &str = "요 다 죠 까 줘 봐 네";
