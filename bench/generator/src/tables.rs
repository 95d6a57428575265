//! Progress output, and tables.

use std::{
    fmt::Write as _,
    io::{Write as _, stdout},
    time::Duration,
};

/// Prints a line for the operator.
pub fn say(line: &str) {
    // If stdout is closed, the figures are written to a file all the same.
    let _ = writeln!(stdout().lock(), "{line}");
}

/// A table in Markdown: the first column is left-aligned, the others are figures.
#[derive(Debug, Clone, Default)]
pub struct Table {
    title: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    pub fn new(title: &str, head: &[&str]) -> Self {
        let head = head.iter().map(|name| (*name).to_owned()).collect();
        Self { title: title.to_owned(), head, ..Self::default() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// A sentence below the table.
    pub fn note(&mut self, sentence: impl Into<String>) {
        self.notes.push(sentence.into());
    }

    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n", self.title);
        let widths = (0..self.head.len()).map(|column| self.width(column)).collect::<Vec<_>>();
        line(&mut text, &self.head, &widths);
        let rules = widths.iter().enumerate().map(|(column, width)| match column {
            0 => "-".repeat(*width),
            _ => format!("{}:", "-".repeat(width.saturating_sub(1))),
        });
        line(&mut text, &rules.collect::<Vec<_>>(), &widths);
        self.rows.iter().for_each(|row| line(&mut text, row, &widths));
        for note in &self.notes {
            let _ = write!(text, "\n{note}\n");
        }
        text
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column)).chain(self.head.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0).max(3)
    }
}

fn line(text: &mut String, cells: &[String], widths: &[usize]) {
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let _ = match column {
            0 => write!(text, "| {cell:<width$} |"),
            _ => write!(text, " {cell:>width$} |"),
        };
    }
    text.push('\n');
}

/// The median of some figures, and their spread.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
}

impl Spread {
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures = figures.into_iter().collect::<Vec<_>>();
        figures.sort_by(f64::total_cmp);
        let middle = |from: usize| figures.get(from).copied().unwrap_or_default();
        let count = figures.len();
        let median = f64::midpoint(middle(count.saturating_sub(1) / 2), middle(count / 2));
        Self { least: middle(0), median, most: middle(count.saturating_sub(1)) }
    }

    /// The median, with the least and the most.
    pub fn show(&self, digits: usize) -> String {
        let show = |figure| thousands(figure, digits);
        format!("{} ({}–{})", show(self.median), show(self.least), show(self.most))
    }
}

/// With a comma every three digits.
pub fn thousands(figure: f64, digits: usize) -> String {
    let plain = format!("{figure:.digits$}");
    let (whole, part) = plain.split_once('.').map_or((plain.as_str(), None), |(w, p)| (w, Some(p)));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && digit.is_ascii_digit() {
            text.push(',');
        }
        text.push(digit);
    }
    part.map_or(text.clone(), |part| format!("{text}.{part}"))
}

/// How many times as much; nothing to compare with is a dash.
pub fn ratio(ours: f64, theirs: f64) -> String {
    if theirs > 0.0 { format!("{:.2}×", ours / theirs) } else { "–".to_owned() }
}

/// Whether a goal is met, and by how much it is missed.
pub fn verdict(reached: f64, goal: f64) -> String {
    if reached >= goal {
        "met".to_owned()
    } else {
        format!("missed by {:.0} %", (1.0 - reached / goal) * 100.0)
    }
}

pub fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "no count here comes near 2^52")]
pub const fn count(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!(Spread::of([3.0, 1.0, 2.0]).show(0), "2 (1–3)");
        assert_eq!(Spread::of([1.0, 2.0]).show(1), "1.5 (1.0–2.0)");
    }

    #[test]
    fn figures_can_be_read() {
        assert_eq!(thousands(1_234_567.8, 1), "1,234,567.8");
        assert_eq!(thousands(999.0, 0), "999");
    }

    #[test]
    fn a_miss_is_said() {
        assert_eq!(verdict(2.0, 2.0), "met");
        assert_eq!(verdict(1.5, 2.0), "missed by 25 %");
    }
}
