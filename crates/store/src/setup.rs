//! What an instance knows of its own beginnings.

use crate::{Error, Result, Store};
use domain::clock::Millis;

impl Store {
    /// Until when cookies are read under the names that earlier versions gave them.
    pub async fn old_cookies_until(&self) -> Result<Millis> {
        let rows = self.ask("SELECT old_cookies_until FROM house", []).await?;
        let row = rows.first().ok_or(Error::Corrupt { what: "house" })?;
        Ok(Millis(row.try_get("", "old_cookies_until")?))
    }
}
