//! The memory cost of a request: a refusal costs no more than what was sent.

use crate::helpers::{MIB, Program, User, path};
use futures::future::join_all;

/// The most bytes that twenty refusals at a time may add to the program's memory.
const MAX_MORE: u64 = 20 * MIB;
const AT_ONCE: usize = 20;

const FORM: &str = "application/x-www-form-urlencoded";
const FILE: &str = "multipart/form-data; boundary=x";

fn post(user: &User, path: &str, kind: &str, body: &str) -> Vec<u8> {
    [user.head_of_a_post(path, kind, body.len()).as_bytes(), body.as_bytes()].concat()
}

/// Posts the same so many times at once, and returns by how much the program's memory grew.
async fn costs(program: &Program, user: &User, path: &str, kind: &str, body: &str) -> u64 {
    let request = post(user, path, kind, body);
    // What is allocated only once is not counted.
    program.hears(&post(user, path, kind, "a=b")).await;
    let before = program.memory_from_now_on();
    let answers = join_all((0..AT_ONCE).map(|_| program.hears(&request))).await;
    for answer in answers {
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(["303", "401", "413", "422", "429"].contains(&status), "{path}: {answer:.300}");
    }
    program.most_memory().saturating_sub(before)
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_forms_cost_little_whatever_is_in_them() {
    let program = Program::starts(&[]).await;
    let minji = program.visited_by("민지");
    let stranger = program.visited_by("나그네");
    minji.signs_up().await;
    let room = path(minji.makes_room("공부방").await);
    let profile = minji.gets("/profiles").await;
    let profile = profile.body.split("/profiles/").nth(1).unwrap().get(..36).unwrap();
    let uploads = [format!("/profiles/{profile}/picture"), format!("{room}/settings/picture")];
    let names = "a&".repeat(524_288 - 1);
    let short = "a&".repeat(8_000);
    let known = format!("email=x&password=y&text=&title=&name=&{short}");
    let long = format!("text={}", "<".repeat(60_000));
    let forms = [
        (&stranger, "/sign-in?/nothing".to_owned(), &names),
        (&stranger, "/sign-in?/sign_in".to_owned(), &names),
        (&stranger, "/sign-in?/sign_in".to_owned(), &known),
        (&stranger, "/sign-up?/sign_up".to_owned(), &known),
        (&stranger, "/api/sign_up".to_owned(), &known),
        (&stranger, "/api/nothing".to_owned(), &names),
        (&minji, format!("{room}?/post_message"), &names),
        (&minji, format!("{room}?/post_message"), &known),
        (&minji, format!("{room}?/post_message"), &long),
        (&minji, "/account?/nothing".to_owned(), &names),
        (&minji, format!("{}?/nothing", uploads[0]), &names),
        (&minji, format!("{}?/set_avatar", uploads[0]), &names),
        (&minji, format!("{}?/clear_avatar", uploads[0]), &known),
        (&minji, format!("{}?/set_avatar", uploads[1]), &names),
    ];
    for (user, path, body) in forms {
        let more = costs(&program, user, &path, FORM, body).await;
        assert!(more < MAX_MORE, "{path}, {} bytes: {} MiB more", body.len(), more / MIB);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_sent_lie_on_the_disk_meanwhile() {
    let program = Program::starts(&[]).await;
    let minji = program.visited_by("민지");
    minji.signs_up().await;
    let profile = minji.gets("/profiles").await;
    let profile = profile.body.split("/profiles/").nth(1).unwrap().get(..36).unwrap();
    let path = format!("/profiles/{profile}/picture?/set_avatar");
    let noise = "가".repeat(800_000);
    let disposition = "content-disposition: form-data; name=\"picture\"; filename=\"x\"";
    for body in [
        format!("--x\r\n{disposition}\r\n\r\n{noise}\r\n--x--"),
        format!("--x\r\n{disposition}\r\n\r\n{noise}{noise}"),
        format!("--x\r\n{disposition}{noise}\r\n\r\n\r\n--x--"),
        format!("{noise}\r\n--x--"),
        noise.clone(),
        "--x\r\n\r\n\r\n".repeat(250_000),
    ] {
        let more = costs(&program, &minji, &path, FILE, &body).await;
        assert!(more < MAX_MORE, "{body:.30}: {} MiB more", more / MIB);
    }
}
