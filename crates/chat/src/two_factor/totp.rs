//! Codes that an app counts out of a secret and the time (RFC 6238: SHA-1, six digits, thirty seconds, which
//! is what every app does).

use domain::clock::Millis;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

const WINDOW_MILLIS: i64 = 30 * 1_000;
const MODULUS: u32 = 1_000_000;
/// Clocks differ, and people take a moment to type.
const DRIFT: i64 = 1;

/// The code of a step of time, counted from 1970.
fn code_at(secret: &[u8], step: i64) -> Option<u32> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).ok()?;
    mac.update(&step.to_be_bytes());
    let mac = mac.finalize().into_bytes();
    // RFC 4226, 5.3: the last four bits say where to read.
    let at = usize::from(mac.last()? & 0xF);
    let word = mac.get(at..at + 4)?.try_into().ok()?;
    Some((u32::from_be_bytes(word) & 0x7FFF_FFFF) % MODULUS)
}

/// The step of time, of those around now, whose code this is: the latest, if several have the same.
pub fn window_of(secret: &[u8], code: u32, now: Millis) -> Option<i64> {
    let present = now.0.div_euclid(WINDOW_MILLIS);
    let around = (present - DRIFT..=present + DRIFT).rev();
    around.into_iter().find(|step| code_at(secret, *step) == Some(code))
}

/// RFC 4648, without padding: how apps want the secret.
pub fn base32(bytes: &[u8]) -> String {
    in_letters(bytes, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
}

/// Five bits a letter.
pub fn in_letters(bytes: &[u8], letters: &[u8; 32]) -> String {
    let quintets = bytes.chunks(5).flat_map(|chunk| {
        let mut word = [0; 8];
        word.iter_mut().skip(3).zip(chunk).for_each(|(to, from)| *to = *from);
        let word = u64::from_be_bytes(word);
        let count = (chunk.len() * 8).div_ceil(5);
        (0..count).map(move |nth| word >> (35 - 5 * nth) & 0x1F)
    });
    let letter = |quintet: u64| usize::try_from(quintet).ok().and_then(|at| letters.get(at));
    quintets.filter_map(letter).map(|letter| char::from(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// Appendix B of the RFC, to six digits.
    const VECTORS: [(i64, u32); 6] = [
        (59, 287_082),
        (1_111_111_109, 81_804),
        (1_111_111_111, 50_471),
        (1_234_567_890, 5_924),
        (2_000_000_000, 279_037),
        (20_000_000_000, 353_130),
    ];

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        for (seconds, code) in VECTORS {
            assert_eq!(code_at(SECRET, seconds / 30), Some(code));
            assert_eq!(window_of(SECRET, code, Millis(seconds * 1_000)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_good_for_one_step_before_and_after_its_own() {
        let code = code_at(SECRET, 1_000).unwrap();
        let seen =
            |step: i64, millis: i64| window_of(SECRET, code, Millis(step * WINDOW_MILLIS + millis));
        assert_eq!(seen(998, WINDOW_MILLIS - 1), None);
        assert_eq!(seen(999, 0), Some(1_000));
        assert_eq!(seen(1_001, WINDOW_MILLIS - 1), Some(1_000));
        assert_eq!(seen(1_002, 0), None);
        assert_eq!(window_of(b"another secret", code, Millis(1_000 * WINDOW_MILLIS)), None);
    }

    #[test]
    fn secrets_are_written_as_the_rfc_writes_them() {
        for (bytes, text) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
