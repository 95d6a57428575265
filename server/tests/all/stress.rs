use crate::helpers::{House, path};
use reqwest::Method;
use std::time::Duration;

#[tokio::test]
async fn stress() {
    let house = House::new().await;
    let minji = house.welcomes("민지").await;
    let study = minji.makes_room("공부방").await;
    let room = path(study);
    let kinds = [
        (Method::GET, "/".to_owned()),
        (Method::GET, room.clone()),
        (Method::POST, "/?/nothing".to_owned()),
        (Method::POST, "/?/list_rooms".to_owned()),
        (Method::POST, format!("{room}?/nothing")),
        (Method::POST, format!("{room}?/read_page")),
        (Method::POST, "/api/list_rooms".to_owned()),
        (Method::GET, "/nothing".to_owned()),
    ];
    for (method, path) in kinds {
        let mut hung = 0;
        for _ in 0..300 {
            let request = minji.asks(method.clone(), &path).form(&[("title", "x")]);
            let answer = tokio::time::timeout(Duration::from_secs(3), async {
                request.send().await.unwrap().text().await.unwrap()
            });
            hung += i32::from(answer.await.is_err());
        }
        println!("{method} {path}: {hung}");
    }
}
