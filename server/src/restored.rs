//! The report of a restore: what it ended, and what is as it was when the backup was made.

use std::{
    io::{Result, Write},
    path::Path,
};
use store::{Renewal, Restored};

pub fn report(out: &mut impl Write, file: &Path, restored: &Restored) -> Result<()> {
    let Restored { kept, renewal, missing_avatars } = restored;
    writeln!(out, "{} is restored.", file.display())?;
    if let Some(kept) = kept {
        writeln!(out, "What was there before is kept as {}.", kept.display())?;
    }
    ended(out, *renewal)?;
    if renewal.invitation_links > 0 {
        writeln!(
            out,
            "Invitation links that work as of the backup: {}. One that was revoked since works again: revoke it \
             in the settings of its room.",
            renewal.invitation_links
        )?;
    }
    if *missing_avatars > 0 {
        writeln!(
            out,
            "Files of pictures that are neither in the backup nor here: {missing_avatars}."
        )?;
    }
    writeln!(
        out,
        "Passwords, bans and roles, and who is suspended or has an account, are as of the backup: undo what should \
         not be so before others come in."
    )
}

fn ended(out: &mut impl Write, renewal: Renewal) -> Result<()> {
    let counts = [
        (renewal.sessions, "sessions: everyone signs in again"),
        (renewal.pending_logins, "sign-ins that waited for a code"),
        (renewal.password_resets, "links for a new password"),
        (renewal.setup_links, "set-up links"),
        (renewal.known_devices, "known devices"),
    ];
    for (count, what) in counts {
        writeln!(out, "Ended: {count} {what}.")?;
    }
    writeln!(
        out,
        "Ended: {} recovery codes of {} users, who are told when they sign in and make new ones.",
        renewal.recovery_codes, renewal.users_without_codes
    )
}
