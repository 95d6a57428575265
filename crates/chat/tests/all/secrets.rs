//! What a stolen copy of the file does not tell.

use crate::helpers::TestApp;
use sha2::{Digest, Sha256};
use std::collections::HashSet;

const PASSWORD: &str = "따뜻한 온돌방의 밤";

fn holds(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}

fn from_hex(token: &str) -> Vec<u8> {
    let direct_rooms = token.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    direct_rooms.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[tokio::test]
async fn neither_the_token_nor_the_password_is_in_the_file() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    let again = test_app.signs_in("minji@example.com", PASSWORD).await.unwrap();
    let bytes = test_app.bytes();
    assert!(holds(&bytes, b"minji@example.com"), "the search finds what is there");
    assert!(!holds(&bytes, PASSWORD.as_bytes()));
    for token in [token.as_str(), again.as_str()] {
        assert!(holds(&bytes, &Sha256::digest(token)), "the hash alone is kept");
        assert!(!holds(&bytes, token.as_bytes()));
        assert!(!holds(&bytes, &from_hex(token)));
    }
}

#[tokio::test]
async fn every_sign_in_has_a_token_of_its_own() {
    let test_app = TestApp::new().await;
    let mut tokens = HashSet::new();
    let first = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    tokens.insert(first.as_str().to_owned());
    for _ in 0..5 {
        let token = test_app.signs_in("minji@example.com", PASSWORD).await.unwrap();
        assert_eq!(from_hex(token.as_str()).len(), 32);
        assert!(tokens.insert(token.as_str().to_owned()));
    }
    assert!(test_app.actor(&first).await.is_some(), "one device does not throw the other out");
}

#[tokio::test]
async fn a_token_is_never_printed() {
    let test_app = TestApp::new().await;
    let token = test_app.signs_up("minji@example.com", "민지", PASSWORD).await.unwrap();
    assert!(!format!("{token:?}").contains(token.as_str()));
}
