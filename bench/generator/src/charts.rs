//! The main rows of the report as pictures: deliveries by room size, and how long a delivery takes at half load. They
//! are drawn from the report's own tables, so that they cannot say anything else.

use crate::Result;
use std::{fmt::Write as _, path::Path};

/// What the titles of the drawn tables begin with; the size of the room follows.
const DURABLE: &str = "## Durable posts to a room of ";
const WIDTH: f64 = 720.0;
/// Of the bars; names stand to their left, figures to their right.
const BARS: f64 = 430.0;
const NAMES: f64 = 170.0;
const BAR: f64 = 20.0;
const GAP: f64 = 4.0;
const HEADING: f64 = 34.0;
const TOP: f64 = 46.0;

const STYLE: &str = "\
text { font: 13px system-ui, sans-serif; fill: #3d3630; }
.title { font-size: 16px; font-weight: 600; }
.size { font-weight: 600; }
.own { fill: #a5482f; }
.peer { fill: #b9afa3; }
@media (prefers-color-scheme: dark) {
  text { fill: #e8e0d6; }
  .own { fill: #dd7d5f; }
  .peer { fill: #6d655c; }
}";

/// One chart: where it is written, what it says, and the column of the tables that it shows.
struct Chart {
    file: &'static str,
    title: &'static str,
    column: &'static str,
}

const CHARTS: [Chart; 2] = [
    Chart {
        file: "deliveries.svg",
        title: "Deliveries a second at saturation, by the size of the room (logarithmic)",
        column: "deliveries/s at saturation",
    },
    Chart {
        file: "latency.svg",
        title: "Told p99 at half of one's own load in ms, by the size of the room (logarithmic)",
        column: "told p99 ms",
    },
];

/// The figures of one room size: who, and how much.
struct Group {
    size: String,
    bars: Vec<(String, f64)>,
}

/// Draws every chart whose figures are in the report, beside it.
pub fn draw(report: &Path) -> Result<()> {
    let text = std::fs::read_to_string(report)?;
    let folder = report.parent().unwrap_or_else(|| Path::new("."));
    for chart in CHARTS {
        let groups = groups(&text, chart.column);
        if !groups.is_empty() {
            std::fs::write(folder.join(chart.file), svg(chart.title, &groups))?;
        }
    }
    Ok(())
}

fn groups(report: &str, column: &str) -> Vec<Group> {
    let sections = report.split_inclusive('\n').collect::<Vec<_>>();
    let begins = |line: &&str| line.starts_with(DURABLE);
    let starts = sections.iter().enumerate().filter(|(_, line)| begins(line)).map(|(at, _)| at);
    starts.filter_map(|at| group(sections.get(at..)?, column)).collect()
}

/// The table below a title.
fn group(lines: &[&str], column: &str) -> Option<Group> {
    let size = lines.first()?.strip_prefix(DURABLE)?.trim().to_owned();
    let mut rows = lines.iter().skip(1).skip_while(|line| !line.starts_with('|'));
    let place = cells(rows.next()?).iter().position(|name| name == column)?;
    let rows = rows.skip(1).take_while(|line| line.starts_with('|'));
    let bars = rows.filter_map(|row| {
        let cells = cells(row);
        Some((cells.first()?.clone(), figure(cells.get(place)?)?))
    });
    Some(Group { size, bars: bars.collect() })
}

fn cells(row: &str) -> Vec<String> {
    row.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The median: the first number of `≥ 1,234 (1,000–2,000)`.
fn figure(cell: &str) -> Option<f64> {
    let cell = cell.trim_start_matches(['≥', ' ']);
    cell.split(' ').next()?.replace(',', "").parse().ok()
}

fn svg(title: &str, groups: &[Group]) -> String {
    let values = || groups.iter().flat_map(|group| group.bars.iter().map(|(_, value)| *value));
    let most = values().fold(f64::MIN_POSITIVE, f64::max);
    let least = values().filter(|value| *value > 0.0).fold(most, f64::min);
    // The bar of the least is a tenth of the decade below it long, so that it is seen.
    let floor = least.log10() - 0.1;
    let length = |value: f64| (value.log10() - floor) / (most.log10() - floor) * BARS;
    let mut body = String::new();
    let mut y = TOP;
    for group in groups {
        y += HEADING;
        text(&mut body, "size", 0.0, y - 10.0, &format!("room of {}", group.size));
        for (name, value) in &group.bars {
            bar(&mut body, (name, *value), length(value.max(least)), y);
            y += BAR + GAP;
        }
    }
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" role="img" aria-label="{title}">
<style>{STYLE}</style>
<text class="title" x="0" y="22">{title}</text>
{body}</svg>
"#
    )
}

fn bar(out: &mut String, (name, value): (&str, f64), length: f64, y: f64) {
    let class = if name == "Sarangbang" { "own" } else { "peer" };
    let middle = y + BAR * 0.7;
    text(out, "name", 0.0, middle, name);
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        r#"<rect class="{class}" x="{NAMES}" y="{y}" width="{length:.1}" height="{BAR}" rx="3"/>"#
    );
    text(out, "value", NAMES + length + 6.0, middle, &shown(value));
}

fn text(out: &mut String, class: &str, x: f64, y: f64, text: &str) {
    let _ = writeln!(out, r#"<text class="{class}" x="{x:.1}" y="{y:.1}">{text}</text>"#);
}

/// Thousands are grouped; what is small keeps its fraction.
fn shown(value: f64) -> String {
    if value < 1_000.0 {
        return value.to_string();
    }
    let digits = format!("{value:.0}");
    let grouped = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    grouped.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "\
# Performance

## Durable posts to a room of 10

|            | deliveries/s at saturation | told p99 ms |
| ---------- | -------------------------: | ----------: |
| Sarangbang | ≥ 629,523 (605,137–640,103) |  13.71 (1–2) |
| socket.io  |    31,759 (30,989–33,989) |  8.11 (6–32) |

## Pages

| room | pages/s |
| ---- | ------: |
| 50   |   1,429 |
";

    #[test]
    fn figures_are_those_of_the_tables() {
        let groups = groups(REPORT, "deliveries/s at saturation");
        assert_eq!(groups.len(), 1, "other tables are not drawn");
        let bars = [("Sarangbang".to_owned(), 629_523.0), ("socket.io".to_owned(), 31_759.0)];
        assert_eq!((groups[0].size.as_str(), groups[0].bars.as_slice()), ("10", &bars[..]));
        assert!(super::groups(REPORT, "no such column").is_empty());
    }

    #[test]
    fn every_bar_bears_its_name_and_its_figure_and_fits() {
        let drawn = svg("Latency", &groups(REPORT, "told p99 ms"));
        for part in ["room of 10", ">Sarangbang<", ">13.71<", ">8.11<", r#"class="own""#] {
            assert!(drawn.contains(part), "{part} in {drawn}");
        }
        let widths = drawn.split(r#"width=""#).skip(1).filter_map(|it| it.split('"').next());
        for width in widths {
            assert!((0.0..=BARS).contains(&width.parse::<f64>().unwrap()), "{width}");
        }
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(shown(13.71), "13.71");
        assert_eq!(shown(629_523.0), "629,523");
        assert_eq!(shown(5_426_455.0), "5,426,455");
    }
}
