//! Signing in with a second step: after the password a code, from an app that counts (TOTP) or, if that is
//! lost, from a list that was written down.

use crate::text::ValidationError;

/// How many recovery codes there are at first.
pub const RECOVERY_CODES: usize = 10;
/// The letters of a recovery code: none that is easily taken for another when it is read from paper.
pub const RECOVERY_LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// The letters of a recovery code, without the signs between them: 120 bits. NIST SP 800-63B asks for 112 where
/// a code is kept under a fast hash.
pub const RECOVERY_LENGTH: usize = 24;
/// The letters of the codes that were handed out before: 80 bits. They are taken as long as they last.
const EARLIER_RECOVERY_LENGTH: usize = 16;
/// Wrong codes after one password; then it is asked for again.
pub const MAX_CODE_ATTEMPTS: u32 = 5;
/// How long after the password the code may come.
pub const PENDING_LOGIN_TTL_MILLIS: i64 = 5 * 60 * 1_000;

/// What somebody proves with that they have what the second step asks for.
#[derive(Clone, PartialEq, Eq)]
pub enum TwoFactorCode {
    /// Six digits from the app.
    Code(u32),
    /// One of the recovery codes, as it is compared: in lower case, with nothing between its letters.
    Recovery(String),
}

impl TwoFactorCode {
    /// Reads what was typed; spaces and hyphens do not count.
    ///
    /// # Errors
    /// [`ValidationError::Empty`] or [`ValidationError::InvalidFormat`].
    pub fn parse(raw: &str) -> Result<Self, ValidationError> {
        let between = |c: &char| !c.is_whitespace() && *c != '-';
        let letters: String = raw.chars().filter(between).collect::<String>().to_lowercase();
        if letters.is_empty() {
            return Err(ValidationError::Empty);
        }
        if letters.len() == 6 && letters.bytes().all(|c| c.is_ascii_digit()) {
            return letters.parse().map(Self::Code).map_err(|_| ValidationError::InvalidFormat);
        }
        let known = letters.bytes().all(|c| RECOVERY_LETTERS.contains(&c));
        let is_long_enough = [RECOVERY_LENGTH, EARLIER_RECOVERY_LENGTH].contains(&letters.len());
        if is_long_enough && known {
            return Ok(Self::Recovery(letters));
        }
        Err(ValidationError::InvalidFormat)
    }
}

impl std::fmt::Debug for TwoFactorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof(…)")
    }
}

/// How it stands with the second step of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwoFactor {
    Off,
    /// It is being set up, and not asked for yet.
    Pending(TotpEnrollment),
    On {
        /// Recovery codes that have not been used.
        codes_left: u64,
    },
}

/// What is shown while the second step is set up, and never again.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpEnrollment {
    /// The secret as people type it into an app: base 32, in groups of four.
    pub secret: String,
    /// The same as a link, which the QR code holds.
    pub link: String,
    /// As people write them down: in groups of four.
    pub recovery_codes: Vec<String>,
}

impl std::fmt::Debug for TotpEnrollment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Setup(…)")
    }
}

/// In groups of four, as long codes are read and written without a slip.
#[must_use]
pub fn grouped(letters: &str, between: &str) -> String {
    let letters: Vec<char> = letters.chars().collect();
    let groups = letters.chunks(4).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for typed in ["123456", " 123 456 ", "123-456"] {
            assert_eq!(TwoFactorCode::parse(typed), Ok(TwoFactorCode::Code(123_456)), "{typed}");
        }
        assert_eq!(TwoFactorCode::parse("000001"), Ok(TwoFactorCode::Code(1)));
        assert_eq!(TwoFactorCode::parse(" - "), Err(ValidationError::Empty));
        for odd in [
            "12345",
            "1234567",
            "12345a",
            "１２３４５６",
            "abcd",
            "abcd-efgh-ijkm-npq0",
            "abcd-efgh-ijkm-npqr-s",
        ] {
            assert_eq!(TwoFactorCode::parse(odd), Err(ValidationError::InvalidFormat), "{odd}");
        }
    }

    #[test]
    fn a_recovery_code_holds_more_than_112_bits() {
        let bits = RECOVERY_LETTERS.len().ilog2() as usize * RECOVERY_LENGTH;
        assert!(bits >= 112, "{bits}");
    }

    #[test]
    fn a_proof_is_never_printed() {
        assert!(!format!("{:?}", TwoFactorCode::parse("123456")).contains("123"));
    }

    proptest! {
        #[test]
        fn a_recovery_code_is_the_same_however_it_is_written(letters in "[abcdefghijkmnpqrstuvwxyz2-9]{16}([abcdefghijkmnpqrstuvwxyz2-9]{8})?") {
            let known = Ok(TwoFactorCode::Recovery(letters.clone()));
            prop_assert_eq!(TwoFactorCode::parse(&letters), known.clone());
            prop_assert_eq!(TwoFactorCode::parse(&grouped(&letters, "-")), known.clone());
            prop_assert_eq!(TwoFactorCode::parse(&grouped(&letters.to_uppercase(), " ")), known);
        }

        #[test]
        fn whatever_is_typed_is_read_or_refused(raw in any::<String>()) {
            let _ = TwoFactorCode::parse(&raw);
        }
    }
}
