//! What a build with the feature `faults` does wrong on purpose, to prove that `bin/faults` sees it
//! and that a crash at the worst moment costs nothing. Without the feature, all of it is nothing:
//! no variable of the environment brings it back.

#[cfg(feature = "faults")]
mod enabled;

#[cfg(feature = "faults")]
pub use enabled::{clock_offset, commit, crash_at, fail_at, leaks, lock_database};

#[cfg(not(feature = "faults"))]
pub use off::{clock_offset, commit, crash_at, fail_at, leaks};

#[cfg(not(feature = "faults"))]
mod off {
    use domain::wire::ChangeSet;
    use sea_orm::{DatabaseTransaction, DbErr};

    /// Commits.
    pub async fn commit(
        transaction: DatabaseTransaction,
        _: &mut [ChangeSet],
    ) -> Result<(), DbErr> {
        transaction.commit().await
    }

    pub const fn crash_at(_: &str) {}

    pub const fn fail_at(_: &str) -> Result<(), DbErr> {
        Ok(())
    }

    #[must_use]
    pub const fn clock_offset() -> i64 {
        0
    }

    #[must_use]
    pub const fn leaks() -> bool {
        false
    }
}
