//! The boundaries of WebSocket frames (RFC 6455, 5.2), without decoding their content.

const TEXT_AND_LAST: u8 = 0x81;

/// The bytes of one direction that have arrived and not been forwarded.
#[derive(Debug, Default)]
pub struct Frames {
    waiting: Vec<u8>,
    /// Whether the HTTP head before the first frame has passed.
    upgraded: bool,
}

impl Frames {
    /// Adds a piece; returns what can be forwarded: each whole frame, and each text frame twice.
    pub fn doubled(&mut self, piece: &[u8]) -> Vec<u8> {
        self.waiting.extend(piece);
        let mut out = Vec::new();
        while let Some(length) = self.next() {
            let frame: Vec<u8> = self.waiting.drain(..length).collect();
            out.extend(&frame);
            if self.upgraded && frame.first() == Some(&TEXT_AND_LAST) {
                out.extend(&frame);
            }
            self.upgraded = true;
        }
        out
    }

    /// The length of the first frame, once it is whole.
    fn next(&self) -> Option<usize> {
        let length = if self.upgraded { self.frame()? } else { self.head()? };
        (self.waiting.len() >= length).then_some(length)
    }

    fn head(&self) -> Option<usize> {
        let end = self.waiting.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
        Some(end + 4)
    }

    fn frame(&self) -> Option<usize> {
        let second = *self.waiting.get(1)?;
        let mask = if second & 0x80 == 0 { 0 } else { 4 };
        let (head, payload) = match second & 0x7F {
            126 => (4, self.number(2, 2)?),
            127 => (10, self.number(2, 8)?),
            short => (2, usize::from(short)),
        };
        Some(head + mask + payload)
    }

    fn number(&self, at: usize, bytes: usize) -> Option<usize> {
        let digits = self.waiting.get(at..at + bytes)?;
        Some(digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_frames_are_doubled_wherever_the_pieces_are_cut() {
        let text = [&[0x81, 3][..], b"abc"].concat();
        let masked = [&[0x81, 0x80 | 2, 9, 9, 9, 9][..], b"xy"].concat();
        let long = [&[0x81, 126, 1, 0][..], &[b'z'; 256]].concat();
        let ping = vec![0x89, 0];
        let whole = [&b"GET / HTTP/1.1\r\n\r\n"[..], &text, &ping, &masked, &long].concat();
        let expected =
            [&b"GET / HTTP/1.1\r\n\r\n"[..], &text, &text, &ping, &masked, &masked, &long, &long]
                .concat();
        for size in 1..=whole.len() {
            let mut frames = Frames::default();
            let out: Vec<u8> = whole.chunks(size).flat_map(|c| frames.doubled(c)).collect();
            assert_eq!(out, expected, "in pieces of {size}");
        }
    }
}
