//! How a catalogue is written: one struct that each language fills once, so that a sentence which is
//! missing does not compile.

/// A sentence with nothing in it. One with something in it is a function.
pub type Text = &'static str;

macro_rules! catalogue {
    ($(#[$details:meta])* $catalogue:ident { $($(#[$doc:meta])* $name:ident: $kind:ty),+ $(,)? }) => {
        $(#[$details])*
        #[derive(Debug)]
        pub struct $catalogue {
            $($(#[$doc])* pub $name: $kind,)+
        }
    };
}

pub(super) use catalogue;
