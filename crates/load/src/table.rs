//! The outcomes of the faults, as a table.

use crate::faults::Outcome;
use std::io::{self, Write};

pub fn head(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{:<12} {:>6} {:>12} {:>5} {:>8} {:>10} {:>8} {:>7} {:>8}",
        "fault",
        "rounds",
        "acknowledged",
        "lost",
        "doubled",
        "reordered",
        "phantom",
        "leaked",
        "time"
    )
}

/// A line for an outcome, and below it what else did not hold.
pub fn line(out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
    let found = outcome.findings;
    writeln!(
        out,
        "{:<12} {:>6} {:>12} {:>5} {:>8} {:>10} {:>8} {:>7} {:>6.1} s{}{}",
        outcome.name,
        outcome.rounds,
        outcome.acknowledged,
        found.lost,
        found.doubled,
        found.reordered,
        found.phantom,
        found.leaked,
        outcome.time.as_secs_f64(),
        if outcome.notes.is_empty() { "" } else { "  " },
        outcome.notes.join("; ")
    )?;
    for failure in &outcome.failures {
        writeln!(out, "    FAILED: {failure}")?;
    }
    out.flush()
}
