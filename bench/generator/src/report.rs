//! The report: every table, the machine, the command.

use crate::{Result, tables::Table};
use std::path::Path;

const HOW: &str = "\
One generator for all: open loop (it posts when it meant to, whatever has come back), texts of 200 bytes,
latency from the moment at which a post was to be sent, into an HDR histogram. The server has one core and the
generator the other. A delivery counts when its number in the room follows the one before it on the same line,
and no post is told twice; one gap, double or refusal, and the rate is not kept. Saturation is the highest rate
of which everything had arrived 0.3 s after its end. A run in which the generator used more than 95 % of its
core, or was more than 20 ms behind its schedule, is repeated, and void if it stays so.

Peers take turns, A B A B; figures are medians, with the least and the most in brackets. Cores are shares of
one core, at saturation.

- *socket.io*: 4.8 with better-sqlite3, the exactly-once steps of its own tutorial, tuned: prepared statements,
  WAL, `synchronous=FULL`, WebSockets alone. One insert and one commit a post, as there.
- *POST + Prisma*: an HTTP handler, the session and the message through Prisma 7 on SQLite (WAL,
  `synchronous=FULL`), then an event of socket.io; 64 posts under way at most.
- *JetStream*: nats-server with `sync_interval: always`, told by the server after it is stored (`republish`).
- *raw*: the same bytes from one process to every socket, without people, storage or acknowledgement: a limit,
  not a chat. *Coalesced*: what waits for a socket goes out in one write.
";

const CHARTS: &str = "\
![Deliveries a second at saturation](deliveries.svg)

![How long a delivery takes at half load](latency.svg)
";

pub fn write(path: &Path, machine: &str, command: &str, tables: &[Table]) -> Result<()> {
    let tables = tables.iter().map(Table::markdown).collect::<Vec<_>>().join("\n");
    let text =
        format!("# Performance\n\nWritten by `{command}`. {machine}\n\n{CHARTS}\n{HOW}\n{tables}");
    std::fs::write(path, text)?;
    Ok(())
}
