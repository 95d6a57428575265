//! The list of devices, and signing out remotely.

use crate::helpers::{PASSWORD, TestServer, attribute, within};
use std::time::Duration;

/// The sessions that a page offers to end, in its order.
fn sessions(page: &crate::helpers::Answer) -> Vec<String> {
    let inputs = page.tags("input");
    let named =
        inputs.into_iter().filter(|tag| attribute(tag, "name").as_deref() == Some("session"));
    named.filter_map(|tag| attribute(tag, "value")).collect()
}

#[tokio::test]
async fn signing_out_from_afar_ends_the_session_and_its_sockets() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let phone = minji.elsewhere();
    phone.signs_in_with(PASSWORD).await.leads_to();
    let mut at_the_phone = phone.opens(study).await;
    let page = minji.gets("/account").await.page(200);
    let listed = sessions(&page);
    let [there, here] = &*listed else { panic!("the one used last first: {listed:?}") };

    let answer = minji.posts("/account?/end_device", &[("session", there)]).await;
    assert_eq!(answer.leads_to(), "/account");
    within(Duration::from_secs(1), at_the_phone.socket.is_dismissed(4001)).await;
    assert_eq!(phone.gets("/").await.leads_to(), "/sign-in");
    assert_eq!(sessions(&minji.gets("/account").await.page(200)), [here.as_str()]);
    assert_eq!(
        minji.posts("/account?/end_device", &[("session", here)]).await.leads_to(),
        "/sign-in"
    );
    assert_eq!(minji.gets("/").await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn nobody_signs_somebody_else_out() {
    let test_server = TestServer::new().await;
    let (minji, junho) = (test_server.welcomes("민지").await, test_server.welcomes("준호").await);
    let theirs = sessions(&minji.gets("/account").await.page(200));
    let [session] = &*theirs else { panic!("{theirs:?}") };
    junho.posts("/account?/end_device", &[("session", session)]).await.leads_to();
    minji.gets("/").await.page(200);
    junho.posts("/account?/end_device", &[("session", "x")]).await.page(422);
    test_server.visited_by("나그네").calls("end_device", &[("session", session)]).await.with(401);
    minji.gets("/").await.page(200);
}

#[tokio::test]
async fn all_others_can_be_signed_out_at_once() {
    let test_server = TestServer::new().await;
    let minji = test_server.welcomes("민지").await;
    let (laptop, phone) = (minji.elsewhere(), minji.elsewhere());
    laptop.signs_in_with(PASSWORD).await.leads_to();
    phone.signs_in_with(PASSWORD).await.leads_to();
    phone.posts("/account?/end_other_devices", &[]).await.leads_to();
    phone.gets("/").await.page(200);
    for each in [&minji, &laptop] {
        assert_eq!(each.gets("/").await.leads_to(), "/sign-in");
    }
}
