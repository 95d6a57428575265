//! A client may hang up at any moment, and its server then drops the future of what it asked for. Wherever that
//! happens, what memory answers afterwards is what the database says.

mod scene;
mod use_cases;

use futures::future::BoxFuture;
use scene::Scene;
use std::{future::poll_fn, task::Poll};
use use_cases::USE_CASES;

/// Polls a future, each time that it is woken, at most so many times; then drops it.
async fn polled<T>(mut future: BoxFuture<'_, T>, times: usize) -> Option<T> {
    let mut left = times;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn after_any_cancellation_memory_equals_the_database() {
    for (name, use_case) in USE_CASES {
        for polls in 0.. {
            assert!(polls < 1_000, "{name} never ends");
            let mut scene = Scene::new().await;
            let answer = polled(use_case(&scene), polls).await;
            scene.chat().finish_changes().await;
            scene
                .assert_memory_equals_database(&format!("{name}, dropped after {polls} polls"))
                .await;
            if let Some(answer) = answer {
                assert_eq!(answer, Ok(()), "{name}");
                break;
            }
        }
    }
}
