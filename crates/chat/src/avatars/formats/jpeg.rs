//! What has to be known of a JPEG before it is decoded, and what need not be in it for that (ITU-T T.81,
//! annex B).

use image::metadata::Orientation;
use memchr::memchr;

const MARK: u8 = 0xFF;
const BEGIN: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
const EXIF: u8 = 0xE1;
/// Adobe's note of how the colours are to be understood.
const ADOBE: u8 = 0xEE;
const EXIF_BEGINS: &[u8] = b"Exif\0\0";
/// Scans of a progressive file; encoders make ten to twenty. Each may take as long as the whole image does.
const SCANS_MAX: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outline {
    /// Everything waits for the last scan: it is progressive, or its components come one after the other.
    pub waits: bool,
    pub orientation: Orientation,
}

/// Takes out what the pixels do not need: notes, profiles, previews, of which a decoder would make copies. None
/// when it is no JPEG, and when it has more scans than its kind needs: each of them costs the decoder time, however
/// few bytes it has.
pub fn reduce(file: &mut Vec<u8>) -> Option<Outline> {
    if !file.starts_with(&[MARK, BEGIN]) {
        return None;
    }
    let mut outline = Outline { waits: false, orientation: Orientation::NoTransforms };
    let (mut components, mut is_progressive, mut scans) = (None, false, 0);
    let (mut from, mut to) = (2, 2);
    while let Some((kind, begins)) = marker(file, from) {
        let length = file.get(begins..).and_then(|rest| rest.first_chunk());
        let length = length.map(|length| usize::from(u16::from_be_bytes(*length)));
        if kind == END {
            break;
        }
        if matches!(kind, 0x00 | 0x01 | 0xD0..=0xD8) {
            from = begins;
            continue;
        }
        let Some(segment) = length.and_then(|length| file.get(begins..begins + length)) else {
            break;
        };
        let mut ends = begins + segment.len();
        match kind {
            0xC0 | 0xC1 => {
                outline.waits |= components.is_some();
                components = segment.get(7).copied();
            }
            0xC2..=0xCF if !matches!(kind, 0xC4 | 0xC8 | 0xCC) => {
                outline.waits = true;
                is_progressive = true;
            }
            SCAN => {
                scans += 1;
                let needed = usize::from(components.unwrap_or(1));
                if scans > if is_progressive { SCANS_MAX } else { needed } {
                    return None;
                }
                outline.waits |= segment.get(2).copied() != components;
                ends = data_ends(file, ends);
            }
            EXIF => {
                let exif = segment.get(2..).and_then(|exif| exif.strip_prefix(EXIF_BEGINS));
                let turned = exif.and_then(Orientation::from_exif_chunk);
                outline.orientation = turned.unwrap_or(outline.orientation);
            }
            _ => {}
        }
        if matches!(kind, 0xE0..=0xEF | 0xFE) && kind != ADOBE {
            from = ends;
            continue;
        }
        // Something between two segments is no part of either: so there is room for the mark.
        file.copy_within(begins - 2..ends, to);
        to += ends + 2 - begins;
        from = ends;
    }
    file.truncate(to);
    file.extend_from_slice(&[MARK, END]);
    Some(outline)
}

/// The next marker at or behind a place, and where what follows it begins. What lies before it is nothing.
fn marker(file: &[u8], from: usize) -> Option<(u8, usize)> {
    let at = from + memchr(MARK, file.get(from..)?)?;
    let kind = at + file.get(at..)?.iter().position(|byte| *byte != MARK)?;
    Some((*file.get(kind)?, kind + 1))
}

/// Where the data of a scan ends: before the next marker that is none within data.
fn data_ends(file: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(next) = file.get(at..).and_then(|rest| memchr(MARK, rest)) {
        at += next;
        match file.get(at + 1) {
            Some(0x00 | 0xD0..=0xD7) => at += 2,
            _ => return at,
        }
    }
    file.len()
}
