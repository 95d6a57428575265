//! Image files that are small to send and expensive to decode.

use crate::Result;
use flate2::{Compression, Crc, write::ZlibEncoder};
use std::io::{self, Write};

/// One way to make a file expensive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageKind {
    Png8,
    Png16,
    /// Adam7: the whole image has to be decoded before any row of it is complete.
    Png16Interlaced,
    /// With a colour profile of half a GiB, which compresses to half a MB.
    PngWithProfile,
    /// Progressive, 4:4:4: all coefficients are kept until the last scan.
    Jpeg,
}

impl ImageKind {
    /// A black square.
    pub fn file(self, side: u16) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Png8 => png(side, 8, false, None)?,
            Self::Png16 => png(side, 16, false, None)?,
            Self::Png16Interlaced => png(side, 16, true, None)?,
            Self::PngWithProfile => png(side, 8, false, Some(512 << 20))?,
            Self::Jpeg => jpeg(side),
        })
    }
}

/// RGBA with so many bits a channel.
fn png(side: u16, bits: u8, interlaced: bool, profile: Option<usize>) -> Result<Vec<u8>> {
    const RGBA: u8 = 6;
    let edge = u32::from(side).to_be_bytes();
    let header = [&edge[..], &edge, &[bits, RGBA, 0, 0, interlaced.into()]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header)?;
    if let Some(bytes) = profile {
        let profile = [b"ICC\0\0".as_slice(), &zeros(bytes)?].concat();
        chunk(&mut file, *b"iCCP", &profile)?;
    }
    let rows =
        if interlaced { adam7(side.into(), bits) } else { rows(side.into(), side.into(), bits) };
    chunk(&mut file, *b"IDAT", &zeros(rows)?)?;
    chunk(&mut file, *b"IEND", &[])?;
    Ok(file)
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) -> Result<()> {
    let mut crc = Crc::new();
    crc.update(&name);
    crc.update(data);
    file.extend(u32::try_from(data.len())?.to_be_bytes());
    file.extend(name);
    file.extend(data);
    file.extend(crc.sum().to_be_bytes());
    Ok(())
}

/// The bytes of rows of RGBA, each preceded by the number of its filter.
const fn rows(width: usize, height: usize, bits: u8) -> usize {
    if width == 0 { 0 } else { height * (1 + width * bits as usize / 2) }
}

/// The bytes of the seven passes.
fn adam7(side: usize, bits: u8) -> usize {
    // Of each: the first column and row, and the distance to the next ones.
    const PASSES: [[usize; 4]; 7] = [
        [0, 0, 8, 8],
        [4, 0, 8, 8],
        [0, 4, 4, 8],
        [2, 0, 4, 4],
        [0, 2, 2, 4],
        [1, 0, 2, 2],
        [0, 1, 1, 2],
    ];
    let of = |first: usize, step: usize| side.saturating_sub(first).div_ceil(step);
    PASSES.iter().map(|[x, y, dx, dy]| rows(of(*x, *dx), of(*y, *dy), bits)).sum()
}

/// So many zeros, compressed.
fn zeros(bytes: usize) -> io::Result<Vec<u8>> {
    let piece = vec![0; 1 << 20];
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let mut left = bytes;
    while left > 0 {
        let now = left.min(piece.len());
        encoder.write_all(piece.get(..now).unwrap_or_default())?;
        left -= now;
    }
    encoder.finish()
}

/// A single scan of the DC coefficients, each of which equals the one before.
fn jpeg(side: u16) -> Vec<u8> {
    let [high, low] = side.to_be_bytes();
    let mut file = vec![0xFF, 0xD8];
    // One table of quantisation, all ones.
    file.extend([0xFF, 0xDB, 0, 67, 0]);
    file.extend([1; 64]);
    // Progressive, 8 bits, three components that are not subsampled.
    file.extend([0xFF, 0xC2, 0, 17, 8, high, low, high, low, 3]);
    file.extend([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    // One code of one bit, 0: no difference.
    file.extend([0xFF, 0xC4, 0, 20, 0, 1]);
    file.extend([0; 15]);
    file.push(0);
    file.extend([0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 0, 0]);
    let blocks = usize::from(side).div_ceil(8).pow(2);
    file.extend(std::iter::repeat_n(0, (blocks * 3).div_ceil(8)));
    file.extend([0xFF, 0xD9]);
    file
}

/// As large as a photograph: noise, which does not compress. Some 6 MB.
pub fn photograph() -> Result<Vec<u8>> {
    const SIDE: u16 = 1_240;
    let mut noise = 1_u32;
    let mut pixels = Vec::new();
    for _ in 0..SIDE {
        pixels.push(0);
        pixels.extend((0..u32::from(SIDE) * 4).map(|_| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            noise.to_be_bytes()[0]
        }));
    }
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&pixels)?;
    let edge = u32::from(SIDE).to_be_bytes();
    let header = [&edge[..], &edge, &[8, 6, 0, 0, 0]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header)?;
    chunk(&mut file, *b"IDAT", &encoder.finish()?)?;
    chunk(&mut file, *b"IEND", &[])?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_hold_every_pixel_once() {
        // 8 × 8 pixels of 4 bytes, and a filter for each of 1 + 1 + 1 + 2 + 2 + 4 + 4 rows.
        assert_eq!(adam7(8, 8), 8 * 8 * 4 + 15);
    }
}
