//! The schema, one step after the other. A step that has landed is never edited: what has to
//! change is changed by the next one.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

mod m2026_11_22_000001_house;
mod m2026_11_23_000002_profiles;
mod m2026_11_23_000003_rooms;
mod m2026_11_24_000004_invitations;
mod m2026_11_24_000005_house;
mod m2026_11_24_000006_account;
mod m2026_11_24_000007_room_pictures;
mod m2026_11_25_000008_addresses;
mod m2026_11_25_000009_known_devices;
mod m2026_11_25_000010_notices;
mod m2026_11_25_000011_setup;
mod m2026_11_25_000012_lost_recovery_codes;
mod m2026_11_25_000013_form_submissions;
mod m2026_11_25_000014_quotas;
mod m2026_11_25_000015_name_keys;
mod m2026_11_25_000016_profile_updates;
mod m2026_11_25_000017_plain_names;
mod m2026_11_25_000018_displayed_members;

#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m2026_11_22_000001_house::Migration),
            Box::new(m2026_11_23_000002_profiles::Migration),
            Box::new(m2026_11_23_000003_rooms::Migration),
            Box::new(m2026_11_24_000004_invitations::Migration),
            Box::new(m2026_11_24_000005_house::Migration),
            Box::new(m2026_11_24_000006_account::Migration),
            Box::new(m2026_11_24_000007_room_pictures::Migration),
            Box::new(m2026_11_25_000008_addresses::Migration),
            Box::new(m2026_11_25_000009_known_devices::Migration),
            Box::new(m2026_11_25_000010_notices::Migration),
            Box::new(m2026_11_25_000011_setup::Migration),
            Box::new(m2026_11_25_000012_lost_recovery_codes::Migration),
            Box::new(m2026_11_25_000013_form_submissions::Migration),
            Box::new(m2026_11_25_000014_quotas::Migration),
            Box::new(m2026_11_25_000015_name_keys::Migration),
            Box::new(m2026_11_25_000016_profile_updates::Migration),
            Box::new(m2026_11_25_000017_plain_names::Migration),
            Box::new(m2026_11_25_000018_displayed_members::Migration),
        ]
    }
}
