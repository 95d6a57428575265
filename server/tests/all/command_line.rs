//! The program itself, as an operator runs it.

use crate::helpers::{PASSWORD, Program, TestServer};
use std::{
    fs::{self, File, Permissions},
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

fn sarangbang(database: &str, command: &str, file: &Path) -> Output {
    run(database, &[command, file.to_str().unwrap()])
}

fn run(database: &str, arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sarangbang"));
    program.env("DATABASE_URL", database).args(arguments).output().unwrap()
}

fn ends_two_factor(database: &str, email: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sarangbang"));
    program.env("DATABASE_URL", database).args(["reset", "--two-factor", email]);
    program.output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_backup_is_taken_while_people_talk_and_brought_back_while_nobody_does() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    minji.says(study, "남을 말").await;
    let before = minji.reads(study).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");

    let backup = run(test_server.database_url(), &["backup", "--verify", copy.to_str().unwrap()]);
    assert!(backup.status.success(), "{}", said(&backup));
    assert!(said(&backup).contains("the copy is whole"), "{}", said(&backup));
    let again = sarangbang(test_server.database_url(), "backup", &copy);
    assert_eq!(again.status.code(), Some(1));
    assert!(said(&again).contains("exists already"), "{}", said(&again));
    minji.says(study, "사라질 말").await;
    let too_early = sarangbang(test_server.database_url(), "restore", &copy);
    assert_eq!(too_early.status.code(), Some(1));
    assert!(said(&too_early).contains("stop the server first"), "{}", said(&too_early));

    let (stopped, _) = test_server.stops().await;
    let restore = sarangbang(stopped.database_url(), "restore", &copy);
    assert!(restore.status.success(), "{}", said(&restore));
    let report = String::from_utf8(restore.stdout).unwrap();
    for told in ["before-restore-", "1 sessions", "0 recovery codes of 0 users", "as of the backup"]
    {
        assert!(report.contains(told), "{told}: {report}");
    }
    let _instance = stopped.opens_again().await;
    assert_eq!(minji.gets("/").await.leads_to(), "/sign-in", "she was signed out");
    assert_eq!(minji.signs_in_with(PASSWORD).await.leads_to(), "/");
    let after = minji.reads(study).await;
    assert_eq!(after.messages, before.messages);
    assert_ne!(after.epoch, before.epoch, "every browser reads afresh");
}

#[tokio::test]
async fn whoever_has_the_machine_appoints_and_hands_out_new_passwords() {
    let test_server = TestServer::new().await;
    let [minji, junho] = test_server.welcome_all(["민지", "준호"]).await;
    let run = |command: &str, email: &str| run(test_server.database_url(), &[command, email]);
    junho.gets("/admin").await.page(404);
    let appointed = run("admin", &junho.email);
    assert!(appointed.status.success(), "{}", said(&appointed));
    junho.gets("/admin").await.page(200);
    junho.gets("/admin/log").await.page(200).shows("서버 운영자가 준호님을 관리자로");
    let unknown = run("admin", "nobody@example.com");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(said(&unknown).contains("there is no user with the address"), "{}", said(&unknown));

    let again = run("admin", &junho.email);
    assert!(again.status.success(), "{}", said(&again));
    assert!(said(&again).contains("nothing has changed"), "{}", said(&again));
    assert!(!said(&appointed).contains("nothing has changed"), "{}", said(&appointed));

    let none = ends_two_factor(test_server.database_url(), &minji.email);
    assert!(none.status.success(), "{}", said(&none));
    assert!(said(&none).contains("has no second step: nothing has changed"), "{}", said(&none));
    let unknown = ends_two_factor(test_server.database_url(), "nobody@example.com");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(said(&unknown).contains("there is no user with the address"), "{}", said(&unknown));

    let reset = run("reset", &minji.email.to_uppercase());
    let link = String::from_utf8(reset.stdout).unwrap();
    let way = link.trim().split_once("/reset/").unwrap().1;
    minji.elsewhere().gets(&format!("/reset/{way}")).await.page(200).shows("새 비밀번호");
    let told = minji.gets("/account/notices").await.page(200);
    told.shows("서버 운영자가 내 비밀번호 재설정 링크를 만들었어요.");
}

#[tokio::test]
async fn whoever_has_the_machine_makes_a_new_set_up_link() {
    let test_server = TestServer::not_set_up("http://box:3000").await;
    let minji = test_server.visited_by("민지");
    let run = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_sarangbang"));
        program
            .env("DATABASE_URL", test_server.database_url())
            .env("SARANGBANG_URL", "http://box:3000");
        program.arg("setup-link").output().unwrap()
    };
    let printed = run();
    assert!(printed.status.success(), "{}", said(&printed));
    let link = String::from_utf8(printed.stdout).unwrap();
    let link = link.trim().strip_prefix("http://box:3000").unwrap();
    minji.sets_up(test_server.setup_path()).await.page(410).shows("쓸 수 없는 링크예요");
    assert_eq!(minji.sets_up(link).await.leads_to(), "/");
    minji.gets("/admin").await.page(200);
    let late = run();
    assert_eq!((late.status.code(), late.stdout.len()), (Some(1), 0));
    assert!(said(&late).contains("there is an account already"), "{}", said(&late));
}

#[tokio::test]
async fn what_is_no_backup_is_refused_and_changes_nothing() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let (stopped, _) = test_server.stops().await;
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("letter.txt");
    std::fs::write(&letter, "사랑하는 민지에게").unwrap();
    for (file, why) in [
        (&*letter, "not a backup"),
        (folder.path(), "not a file"),
        (Path::new("/none"), "not a file"),
    ] {
        let refused = sarangbang(stopped.database_url(), "restore", file);
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains(why), "{}", said(&refused));
    }
    let _instance = stopped.opens_again().await;
    assert!(minji.sees_in(study).await.is_empty(), "she is signed in still");
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let inner = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    let mut found: Vec<_> = entries.flat_map(inner).collect();
    found.sort_unstable();
    found
}

#[test]
fn a_command_in_a_folder_without_a_database_fails_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    for place in ["instance.db", "data/instance.db", "instance.db?mode=rwc"] {
        let url = format!("sqlite://{}/{place}", folder.path().display());
        for (command, argument) in [
            ("backup", &*copy),
            ("admin", Path::new("minji@example.com")),
            ("reset", Path::new("minji@example.com")),
        ] {
            let refused = sarangbang(&url, command, argument);
            assert_eq!(refused.status.code(), Some(1), "{command}");
            assert!(said(&refused).contains("there is no database at"), "{}", said(&refused));
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
}

#[tokio::test]
async fn migrate_makes_a_database_for_the_commands_and_leaves_a_running_server_alone() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/data/instance.db", folder.path().display());
    for _ in 0..2 {
        let migrated = run(&url, &["migrate"]);
        assert!(migrated.status.success(), "{}", said(&migrated));
    }
    let copy = folder.path().join("copy.db");
    let backup = sarangbang(&url, "backup", &copy);
    assert!(backup.status.success(), "{}", said(&backup));

    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let migrated = run(test_server.database_url(), &["migrate"]);
    assert!(migrated.status.success(), "there is nothing to migrate: {}", said(&migrated));
    minji.says(study, "아직 있어요").await;
}

/// With a permissive file creation mask, under which files would be readable by all.
fn run_openly(program: &str, database: &str, arguments: &[&str]) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"umask 000; exec "$0" "$@""#, program]).args(arguments);
    shell.env("DATABASE_URL", database).output().unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn files_are_for_their_owner_and_those_of_an_earlier_version_lose_the_rights_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_sarangbang");
    let url = format!("sqlite://{}/data/instance.db", folder.path().display());
    let made = run_openly(program, &url, &["migrate"]);
    assert!(made.status.success(), "{}", said(&made));
    let copy = folder.path().join("copies.db");
    let copied = run_openly(program, &url, &["backup", copy.to_str().unwrap()]);
    assert!(copied.status.success(), "{}", said(&copied));
    let data = folder.path().join("data");
    assert_eq!(mode(&data), 0o700);
    for file in files(folder.path()) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }

    let old = [
        ("instance.db", 0o664),
        ("instance.db.pictures/a-64", 0o644),
        ("instance.db.before-restore-7", 0o666),
    ];
    fs::create_dir(data.join("instance.db.pictures")).unwrap();
    for (name, rights) in old {
        let file = File::options().create(true).append(true).open(data.join(name)).unwrap();
        file.set_permissions(Permissions::from_mode(rights)).unwrap();
    }
    fs::set_permissions(data.join("instance.db.pictures"), Permissions::from_mode(0o775)).unwrap();
    let opened = run_openly(program, &url, &["migrate"]);
    assert!(opened.status.success(), "{}", said(&opened));
    for (name, rights) in old {
        assert_eq!(mode(&data.join(name)), rights & 0o770, "{name}");
    }
    assert_eq!(mode(&data.join("instance.db.pictures")), 0o770);
}

/// The disk is full, or a quota reached, in the middle of the copy.
#[tokio::test]
async fn a_backup_that_is_cut_short_leaves_nothing_under_its_name() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    minji.says(study, &"긴 말 ".repeat(999)).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let program = env!("CARGO_BIN_EXE_sarangbang");
    for blocks in ["1", "8", "64"] {
        let mut shell = Command::new("sh");
        let limited = format!(r#"ulimit -f {blocks}; exec "$0" backup "$1""#);
        shell.args(["-c", &limited, program]).arg(&copy);
        let cut = shell.env("DATABASE_URL", test_server.database_url()).output().unwrap();
        assert!(!cut.status.success(), "{}", said(&cut));
        assert!(!copy.exists(), "{blocks}");
    }
    let whole = sarangbang(test_server.database_url(), "backup", &copy);
    assert!(whole.status.success(), "{}", said(&whole));
}

/// Stopped when the test is over, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program as it is installed: in a folder of its own, started in another.
fn installed(folder: &Path) -> Command {
    let program = folder.join("sarangbang");
    if !program.exists() {
        fs::hard_link(env!("CARGO_BIN_EXE_sarangbang"), &program).unwrap();
    }
    let mut program = Command::new(program);
    program.current_dir("/").env("LEPTOS_SITE_ADDR", "127.0.0.1:0").env("NO_COLOR", "1");
    program.env("LEPTOS_SITE_ROOT", folder.join("site"));
    program.env("DATABASE_URL", format!("sqlite://{}/instance.db", folder.display()));
    program
}

#[tokio::test]
async fn an_installed_program_needs_no_more_than_the_readme_says() {
    let beside = Path::new(env!("CARGO_BIN_EXE_sarangbang")).parent().unwrap();
    let folder = tempfile::tempdir_in(beside).unwrap();
    let pkg = folder.path().join("site/pkg");
    let refused = |missing: &str| {
        let output = installed(folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said(&output).contains(missing), "{}", said(&output));
    };
    refused("LEPTOS_SITE_ROOT");
    fs::create_dir_all(&pkg).unwrap();
    refused("hash.txt");
    fs::write(folder.path().join("hash.txt"), "js: one\nwasm: two\ncss: three\n").unwrap();
    fs::write(pkg.join("sarangbang.three.css"), "body { color: green }").unwrap();

    let mut program = installed(folder.path());
    // With a log filter that hides the rest, it still prints the link.
    let mut quiet = installed(folder.path());
    quiet.env("RUST_LOG", "off").stdout(Stdio::piped());
    let mut quiet = Running(quiet.spawn().unwrap());
    let mut printed = BufReader::new(quiet.0.stdout.take().unwrap()).lines();
    let printed = printed.next().unwrap().unwrap();
    assert!(printed.contains("Make the first one at http://127.0.0.1:"), "{printed}");
    let (_, link) = printed.split_once(" at ").unwrap();
    assert_eq!(reqwest::get(link).await.unwrap().status().as_u16(), 200);
    drop(quiet);
    let mut running = Running(program.stderr(Stdio::piped()).spawn().unwrap());
    let log = BufReader::new(running.0.stderr.take().unwrap()).lines();
    let open = log.map(Result::unwrap).find(|line| line.contains("is open at")).unwrap();
    let (_, address) = open.split_once("is open at ").unwrap();
    let page = reqwest::get(format!("{address}/sign-in")).await.unwrap().text().await.unwrap();
    assert!(page.contains(r#"href="/pkg/sarangbang.three.css""#), "{page}");
    let style = reqwest::get(format!("{address}/pkg/sarangbang.three.css")).await.unwrap();
    assert_eq!(style.status().as_u16(), 200);
}

/// The sessions and memberships that one server caches would be stale when another one changes them.
#[tokio::test]
async fn a_database_has_one_server() {
    let test_server = TestServer::new().await;
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pkg")).unwrap();
    let second = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_sarangbang"));
        program
            .env("DATABASE_URL", test_server.database_url())
            .env("LEPTOS_SITE_ADDR", "127.0.0.1:0")
            .env("LEPTOS_SITE_ROOT", folder.path())
            .env("LEPTOS_HASH_FILES", "false");
        program
    };
    let refused = second().output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("a database has one server"), "{}", said(&refused));
    // Commands may run beside a server.
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    assert!(sarangbang(test_server.database_url(), "backup", &copy).status.success());
}

/// Compose files set variables without a value to the empty string.
#[tokio::test]
async fn settings_that_are_there_and_empty_are_not_set() {
    let program = Program::starts(&[
        ("SARANGBANG_URL", ""),
        ("TRUSTED_PROXIES", ""),
        ("SARANGBANG_ZONE", ""),
    ])
    .await;
    program.visited_by("민지").gets("/sign-in").await;
}
