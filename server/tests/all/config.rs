//! The two files that configure Leptos say the same.

use toml::{Table, Value};

fn leptos_keys(file: &str) -> Table {
    let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
    let file: Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    let projects = file["workspace"]["metadata"]["leptos"].as_array().unwrap();
    assert_eq!(projects.len(), 1);
    projects[0].as_table().unwrap().clone()
}

/// cargo-leptos reads the one, the running server the other.
#[test]
fn what_the_server_reads_is_what_was_built() {
    let (build, run) = (leptos_keys("Cargo.toml"), leptos_keys("Leptos.toml"));
    assert!(!run.is_empty());
    for (key, value) in &run {
        assert_eq!(build.get(key), Some(value), "{key}");
    }
    assert_eq!(run["output-name"], Value::String("sarangbang".to_owned()));
}

/// Compiled into every page, whichever cargo command compiles it.
#[test]
fn plain_cargo_compiles_the_same_name_in() {
    let path = format!("{}/../.cargo/config.toml", env!("CARGO_MANIFEST_DIR"));
    let config: Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    assert_eq!(config["env"]["LEPTOS_OUTPUT_NAME"], leptos_keys("Leptos.toml")["output-name"]);
}
