//! The actions that have a limit, and how high it is.

use super::buckets::Rate;
use domain::{error::AppError, with_all};

with_all! {
    /// What is held to a rate. The `Failed…` actions are reserved before the check and given back when it
    /// succeeds, so that only failures count.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub(crate) enum LimitedAction {
        PostMessage,
        /// The same over a day.
        PostMessageDaily,
        /// The text of messages over a day, by the [`POSTED_UNIT`](super::POSTED_UNIT).
        PostTextDaily,
        /// Making, entering or moderating a room.
        ChangeRoom,
        /// The same over a day: each leaves an event in the room.
        ChangeRoomDaily,
        /// Changing a profile, which all of the user's rooms are told of.
        ChangeProfile,
        /// The same over a day.
        ChangeProfileDaily,
        /// Changing what the user's account holds besides profiles: choices, devices, notices, invitations.
        ChangeAccount,
        /// Reading a room: its page, a page of its history, or what changed in it.
        ReadRoom,
        /// Reading a list of users or rooms, each of which reads all of them and sorts them.
        ReadList,
        /// Taking along all that is the user's own.
        Export,
        /// Making an account, by the address it is made from.
        SignUp,
        /// A session opened with the right password: the rows are bounded.
        SignIn,
        /// A wrong password, by known device, by session, or by account and network.
        FailedPassword,
        /// Wrong passwords of one account from all networks together, known devices apart.
        FailedPasswordOfAccount,
        /// Wrong passwords and codes from one address, at whichever account.
        FailedFromAddress,
        /// A wrong two-factor code. Of a million codes three are right at a time.
        FailedCode,
    }
}

impl LimitedAction {
    pub(super) const fn rate(self) -> Rate {
        match self {
            Self::PostMessage => Rate { burst: 30, interval_millis: 200 },
            Self::PostMessageDaily => Rate { burst: 10_000, interval_millis: 8_640 },
            // 16 MiB at once, and 16 MiB a day.
            Self::PostTextDaily => Rate { burst: 16_384, interval_millis: 5_273 },
            Self::ChangeRoom | Self::ChangeAccount => Rate { burst: 30, interval_millis: 2_000 },
            Self::ChangeRoomDaily => Rate { burst: 300, interval_millis: 60_000 },
            Self::ChangeProfile => Rate { burst: 20, interval_millis: 5_000 },
            Self::ChangeProfileDaily => Rate { burst: 100, interval_millis: 300_000 },
            // Ten tabs may come back to 64 rooms each at once.
            Self::ReadRoom => Rate { burst: 640, interval_millis: 50 },
            Self::ReadList => Rate { burst: 60, interval_millis: 500 },
            Self::Export => Rate { burst: 3, interval_millis: 600_000 },
            // A class of forty signs up within five minutes behind one address, with mistakes.
            Self::SignUp => Rate { burst: 60, interval_millis: 90_000 },
            Self::SignIn => Rate { burst: 60, interval_millis: 10_000 },
            Self::FailedPassword => Rate { burst: 10, interval_millis: 30_000 },
            Self::FailedPasswordOfAccount => Rate { burst: 300, interval_millis: 12_000 },
            // Right passwords are counted until they are checked: a class of forty signs in at once.
            Self::FailedFromAddress => Rate { burst: 60, interval_millis: 6_000 },
            Self::FailedCode => Rate { burst: 10, interval_millis: 60_000 },
        }
    }

    pub(super) const fn refusal(self, seconds: u32) -> AppError {
        match self {
            Self::FailedPasswordOfAccount => AppError::OnlyKnownDevices,
            _ => AppError::SlowDown { seconds },
        }
    }
}
