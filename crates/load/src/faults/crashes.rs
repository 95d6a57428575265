//! The house crashes at the worst moments: before a commit, after it and before anybody is told,
//! and after everybody is told and before the author is answered.

use super::{Outcome, RECOVERS_WITHIN, Setting, conclude};
use crate::{
    Result,
    crowd::{Company, Crowd},
    house::House,
    wait::until,
};
use rand::{Rng, SeedableRng, rngs::StdRng};

pub async fn at(setting: &Setting, point: &str) -> Result<Outcome> {
    let rounds = setting.rounds(3, 12, 60);
    let mut rng = StdRng::seed_from_u64(setting.seed);
    let mut house = House::open(setting.rigged()?).await?;
    let crowd = Crowd::gathers(&house, &Company::of(12, setting.seed)).await?;
    for round in 0..=rounds {
        crowd.gets_on(1, RECOVERS_WITHIN).await?;
        house.is_killed().await?;
        // In the last round it stays.
        let commits = if round < rounds { rng.random_range(1..80) } else { i64::MAX };
        house.set("SARANGBANG_FAULT", &format!("{point}:{commits}"));
        house.start().await?;
        if round < rounds {
            until("the house crashes", RECOVERS_WITHIN, async || !house.is_alive()).await?;
            house.set("SARANGBANG_FAULT", "");
            house.start().await?;
        }
    }
    conclude(rounds, crowd, &house).await
}
