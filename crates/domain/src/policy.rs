//! Who may do what. Pure functions over what the database says of a person and a room; every use
//! case asks here, and nowhere else decides.

use serde::{Deserialize, Serialize};

/// What a person is to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Has the room's link at most.
    Stranger,
    /// Has entered.
    Member,
}

/// Reading lines, members and changes.
#[must_use]
pub const fn can_read(standing: Standing) -> bool {
    matches!(standing, Standing::Member)
}

/// Saying something.
#[must_use]
pub const fn can_post(standing: Standing) -> bool {
    matches!(standing, Standing::Member)
}

/// Entering by the room's id or link: anyone signed in.
#[must_use]
pub const fn can_enter(standing: Standing) -> bool {
    matches!(standing, Standing::Stranger | Standing::Member)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_who_may_what() {
        //                          read   post   enter
        for (standing, allowed) in
            [(Standing::Stranger, [false, false, true]), (Standing::Member, [true, true, true])]
        {
            let answers = [can_read(standing), can_post(standing), can_enter(standing)];
            assert_eq!(answers, allowed, "{standing:?}");
        }
    }
}
