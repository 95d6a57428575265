//! A backup taken while clients chat, and restored: it must be a prefix of what was committed.

use super::{Outcome, RECOVERS_WITHIN, SETTLES_WITHIN, Setting};
use crate::{
    Result,
    client_pool::{ClientMix, ClientPool},
    history::History,
    server_process::ServerProcess,
    user::User,
};
use domain::{
    ids::RoomId,
    messages::Rev,
    wire::{Cursor, ServerFrame},
};
use std::collections::BTreeMap;

pub async fn restore(setting: &Setting) -> Result<Outcome> {
    let mut sum = Outcome::default();
    for round in 0..setting.rounds(1, 4, 20) {
        sum.adds(once(setting, setting.seed.wrapping_add(round.into())).await?);
    }
    Ok(sum)
}

async fn once(setting: &Setting, seed: u64) -> Result<Outcome> {
    let mut server_process = ServerProcess::open(&setting.program).await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(12, seed)).await?;
    pool.gets_on(200 + seed % 400, RECOVERS_WITHIN).await?;
    let host = pool.host()?.clone();
    let mut heads = BTreeMap::new();
    for room in pool.rooms() {
        heads.insert(*room, host.reads(*room, None).await?.through);
    }
    let file = server_process.folder().join("backup.db");
    let name = file.to_str().ok_or("the folder is not UTF-8")?;
    server_process.runs(&["backup", name]).await?;
    pool.gets_on(200, RECOVERS_WITHIN).await?;
    let settled = pool.settles(SETTLES_WITHIN).await?;
    let histories = settled.histories.clone();
    let mut outcome = Outcome::of(1, settled);
    server_process.stop().await?;
    server_process.runs(&["restore", name]).await?;
    server_process.start().await?;
    let room = histories.keys().next().ok_or("there is no room")?;
    outcome.expect(host.reads_all(*room).await.is_err(), || {
        "a session outlived the restore".to_owned()
    });
    host.signs_in().await?;
    for (room, history) in &histories {
        let head = heads.get(room).copied().unwrap_or_default();
        let restored = host.reads_all(*room).await?;
        outcome.failures.extend(compare(&restored, history, head));
        outcome.expect(is_reset(&server_process, &host, *room, history).await?, || {
            "who had seen more was not told to read afresh".to_owned()
        });
    }
    outcome.expect(server_process.panics() == 0, || {
        format!("the server panicked:\n{}", server_process.log())
    });
    Ok(outcome)
}

/// More than a restore has.
const MAX_STEPS: u32 = 60;

/// A restore whose process ends at its first step, then at its second, and so on until it completes. After
/// each, the next start must find the whole of what was there before, or the whole of the backup.
pub async fn cut_short(setting: &Setting) -> Result<Outcome> {
    let mut server_process = ServerProcess::open(setting.failpoints()?).await?;
    let pool = ClientPool::start(&server_process, &ClientMix::of(6, setting.seed)).await?;
    pool.gets_on(100, RECOVERS_WITHIN).await?;
    let host = pool.host()?.clone();
    let file = server_process.folder().join("backup.db");
    let name = file.to_str().ok_or("the folder is not UTF-8")?;
    server_process.runs(&["backup", name]).await?;
    pool.gets_on(100, RECOVERS_WITHIN).await?;
    let settled = pool.settles(SETTLES_WITHIN).await?;
    let histories = settled.histories.clone();
    let mut outcome = Outcome::of(0, settled);
    for step in 1..MAX_STEPS {
        server_process.stop().await?;
        server_process.set("SARANGBANG_FAULT", &format!("restore:{step}"));
        let is_done = server_process.runs(&["restore", name]).await.is_ok();
        server_process.set("SARANGBANG_FAULT", "");
        server_process.start().await?;
        host.signs_in().await?;
        for (room, whole) in &histories {
            let there = host.reads_all(*room).await?;
            let is_as_before = there.epoch == whole.epoch && there.messages == whole.messages;
            if !is_as_before {
                outcome.failures.extend(compare(&there, whole, Rev(0)));
            }
        }
        outcome.rounds = step;
        if is_done {
            return Ok(outcome);
        }
    }
    Err("the restore never came to its end".into())
}

/// `head` was committed before the backup began.
fn compare(restored: &History, whole: &History, head: Rev) -> Option<String> {
    if restored.epoch == whole.epoch {
        return Some("the restored database has the epoch of the old one".to_owned());
    }
    if restored.head < head {
        return Some(format!("committed up to {head:?}, restored up to {:?}", restored.head));
    }
    if restored.gaps() > 0 {
        return Some(format!("{} numbers are missing in the restored room", restored.gaps()));
    }
    let is_prefix = whole.messages.starts_with(&restored.messages);
    let next = whole.messages.get(restored.messages.len()).map(|message| Rev::from(message.seq));
    let is_whole = next.is_none_or(|next| next > restored.head);
    (!is_prefix || !is_whole).then(|| "the restored room is no prefix of the old one".to_owned())
}

/// Whether a tab from before the restore is told to discard its copy.
async fn is_reset(
    server_process: &ServerProcess,
    user: &User,
    room: RoomId,
    seen: &History,
) -> Result<bool> {
    let mut connection = user.connects(&server_process.host()).await?;
    connection.greets(Some(seen.epoch), vec![Cursor { room, after: seen.head }]).await?;
    Ok(matches!(connection.hears().await, Some(ServerFrame::Reset { room: told }) if told == room))
}
