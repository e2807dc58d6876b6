//! What a call session guarantees, in a world where everything can go wrong: at random, and in every order.

mod world;

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use trtc_call_core::call_session::{Phase, Watch};

use world::{Action, Fate, MAX_DURATION, RING, Rules, START, World};

/// Nothing goes wrong.
const CALM: Rules = Rules {
    callees: 1,
    watch: Watch::Both,
    end_with_media: true,
    end_without_media: true,
    faults: 0,
    crashes: 0,
    repeats: 0,
    may_end: false,
    empty_calls_go_on: false,
    outage_from: None,
    polls_at_once: false,
};

/// xorshift64*: the same worlds in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap() % limit
    }

    fn rules(&mut self) -> Rules {
        Rules {
            callees: 1 + self.below(3),
            watch: [Watch::Both, Watch::Polling, Watch::Webhooks][self.below(3)],
            end_with_media: self.below(3) > 0,
            end_without_media: self.below(3) > 0,
            faults: u32::try_from(self.below(7)).unwrap(),
            crashes: u32::try_from(self.below(4)).unwrap(),
            repeats: u32::try_from(self.below(5)).unwrap(),
            may_end: self.below(3) == 0,
            empty_calls_go_on: self.below(2) == 0,
            outage_from: (self.below(8) == 0).then(|| 1_000 * self.below(60) as u64),
            polls_at_once: self.below(3) == 0,
        }
    }

    /// Mostly what moves things on; now and then what people and accidents do.
    fn pick(&mut self, actions: &[Action]) -> Action {
        let is_rare = |action: &Action| match action {
            Action::Arrive(_, fate) => *fate != Fate::Fine,
            Action::Poll | Action::Deliver(_) | Action::Answer(_) | Action::Time => false,
            _ => true,
        };
        let wants_rare = self.below(8) == 0;
        let chosen: Vec<&Action> = actions
            .iter()
            .filter(|action| is_rare(action) == wants_rare)
            .collect();
        match chosen.len() {
            0 => actions[self.below(actions.len())],
            length => *chosen[self.below(length)],
        }
    }
}

/// Plays one world to its end, and gives what happened.
fn play(seed: u64, fixed: Option<Rules>) -> (World, Vec<Action>, Vec<Phase>) {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let rules = fixed.unwrap_or_else(|| dice.rules());
    let mut world = World::new(rules);
    let (mut actions, mut passed) = (Vec::new(), Vec::new());
    while !world.is_done() {
        let possible = world.actions();
        assert!(!possible.is_empty(), "it is stuck: {world:?}");
        let action = dice.pick(&possible);
        world.apply(action);
        actions.push(action);
        if matches!(action, Action::Crash) {
            passed.push(Phase::Over); // Marks where another process begins.
        }
        assert!(actions.len() < 3_000, "it does not end: {world:?}");
        if world.session.is_over() && passed.last() != Some(&Phase::Over) {
            passed.extend(world.session.passed());
        }
    }
    let longest = RING + 30_000 + MAX_DURATION + 120_000 + 60_000;
    let crashes = u64::from(rules.crashes) * 200_000;
    assert!(
        world.now <= START + longest + crashes + 60_000,
        "it takes too long"
    );
    (world, actions, passed)
}

/// How many worlds, unless `TRTC_CALL_WORLDS` says otherwise.
fn worlds() -> u64 {
    let wanted = std::env::var("TRTC_CALL_WORLDS");
    wanted.map_or(3_000, |wanted| wanted.parse().expect("a number"))
}

#[test]
fn whatever_goes_wrong_the_guarantees_hold() {
    let (mut steps, mut different) = (0, BTreeSet::new());
    for seed in 1..=worlds() {
        let played = std::panic::catch_unwind(|| {
            let (world, actions, _) = play(seed, None);
            world.check_end();
            actions
        });
        let actions = match played {
            Ok(actions) => actions,
            Err(panic) => {
                println!("in world {seed}");
                std::panic::resume_unwind(panic)
            }
        };
        steps += actions.len();
        different.insert(hash(&format!("{actions:?}")));
    }
    println!("{} different interleavings, {steps} steps", different.len());
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
