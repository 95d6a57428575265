//! Two-factor sign-in: after the password a code, from an authenticator app (TOTP) or, if that is lost, one of
//! the recovery codes.

use crate::text::ValidationError;

/// How many recovery codes an account gets.
pub const RECOVERY_CODES: usize = 10;
/// The letters of a recovery code: none that is easily mistaken for another on paper.
pub const RECOVERY_LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
/// The letters of a recovery code, without the separators: 120 bits. NIST SP 800-63B requires 112 where a code
/// is stored under a fast hash.
pub const RECOVERY_LENGTH: usize = 24;
/// The letters of the codes of earlier versions: 80 bits. They stay valid until they are used.
const EARLIER_RECOVERY_LENGTH: usize = 16;
/// Wrong codes after one password; then the password is required again.
pub const MAX_CODE_ATTEMPTS: u32 = 5;
/// How long after the password the code can be given.
pub const PENDING_LOGIN_TTL_MILLIS: i64 = 5 * 60 * 1_000;

/// A code that proves the second factor.
#[derive(Clone, PartialEq, Eq)]
pub enum TwoFactorCode {
    /// Six digits from the app.
    Code(u32),
    /// One of the recovery codes, in the form in which they are compared: in lower case, without separators.
    Recovery(String),
}

impl TwoFactorCode {
    /// Parses what was typed; spaces and hyphens are ignored.
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

/// The state of an account's second factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TwoFactor {
    Off,
    /// It is being set up, and not required yet.
    Pending(TotpEnrollment),
    On {
        /// Recovery codes that have not been used.
        codes_left: u64,
    },
}

/// What is shown while the second factor is set up, and never again.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpEnrollment {
    /// The secret as users type it into an app: base 32, in groups of four.
    pub secret: String,
    /// The same as a link, for the QR code.
    pub link: String,
    /// Formatted for writing down: in groups of four.
    pub recovery_codes: Vec<String>,
}

impl std::fmt::Debug for TotpEnrollment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Setup(…)")
    }
}

/// In groups of four, which are easier to read and to copy.
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
