//! What a call session guarantees, in a world where everything can go wrong: at random, and in every order.
#![expect(
    clippy::print_stdout,
    reason = "how much was explored, and where it failed"
)]

mod scenes;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use trtc_call_core::call_session::{Outcome, Phase, SessionEvent, Watch};
use trtc_call_core::webhook::MemberState;

use world::{Action, Fate, RING, Rules, START, World};

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
    max_duration: Duration::from_secs(60),
    poll_interval: Duration::from_secs(1),
    is_instant: false,
    polls_at_once: false,
};

/// xorshift64*: the same worlds in every run.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

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
            max_duration: Duration::from_secs(60),
            poll_interval: Duration::from_secs(1 + self.below(3) as u64),
            is_instant: self.below(4) == 0,
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

/// Plays one world to its end. Gives what happened, and the phases each process went through.
fn play(seed: u64, fixed: Option<Rules>) -> (World, Vec<Action>, Vec<Vec<Phase>>) {
    let mut dice = Dice::new(seed);
    let rules = fixed.unwrap_or_else(|| dice.rules());
    let mut world = World::new(rules);
    let (mut actions, mut passed) = (Vec::new(), Vec::new());
    while !world.is_done() {
        let possible = world.actions();
        assert!(!possible.is_empty(), "it is stuck: {world:?}");
        let action = dice.pick(&possible);
        if matches!(action, Action::Crash) {
            passed.push(world.session.passed().to_vec());
        }
        world.apply(action);
        actions.push(action);
        assert!(actions.len() < 3_000, "it does not end: {world:?}");
    }
    passed.push(world.session.passed().to_vec());
    let longest = RING + 30_000 + 60_000 + 120_000 + 60_000;
    let crashes = u64::from(rules.crashes) * 200_000;
    assert!(
        world.now <= START + longest + crashes + 60_000,
        "it takes too long"
    );
    (world, actions, passed)
}

/// How many worlds, unless `TRTC_CALL_WORLDS` said otherwise when this was compiled.
fn worlds() -> u64 {
    option_env!("TRTC_CALL_WORLDS").map_or(3_000, |wanted| wanted.parse().expect("a number"))
}

#[test]
fn whatever_goes_wrong_the_guarantees_hold() {
    let (mut steps, mut different) = (0, BTreeSet::new());
    let (mut ways, mut played, mut reasons) = (BTreeSet::new(), 0, BTreeMap::new());
    for seed in 1..=worlds() {
        let run = std::panic::catch_unwind(|| {
            let (world, actions, passed) = play(seed, None);
            let outcome = world.check_end();
            (actions, passed, outcome, world.tasks() > 0)
        });
        let (actions, passed, outcome, has_played) = match run {
            Ok(run) => run,
            Err(panic) => {
                println!("in world {seed}");
                std::panic::resume_unwind(panic)
            }
        };
        steps += actions.len();
        played += u32::from(has_played);
        different.insert(hash(&format!("{actions:?}")));
        for process in passed {
            ways.extend(
                process
                    .windows(2)
                    .map(|pair| (pair[0].as_str(), pair[1].as_str())),
            );
        }
        *reasons.entry(outcome.reason.as_str()).or_insert(0) += 1;
    }
    println!(
        "{} different interleavings of {steps} steps in all",
        different.len()
    );
    println!("{played} worlds with an ingest; reasons {reasons:?}");
    // The worlds are worth something only if everything happens in them.
    for phase in Phase::ALL {
        for (next, _) in phase.next() {
            assert!(
                ways.contains(&(phase.as_str(), next.as_str())),
                "never went {phase} -> {next}"
            );
        }
    }
    assert_eq!(reasons.len(), 8, "{reasons:?}");
    assert!(u64::from(played) > worlds() / 3, "{played}");
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[test]
fn in_calm_worlds_the_media_plays_to_whoever_answers_and_the_record_comes() {
    let mut played = 0;
    for seed in 1..=300 {
        let rules = Rules {
            watch: [Watch::Both, Watch::Polling, Watch::Webhooks][(seed % 3) as usize],
            callees: 1 + (seed % 2) as usize,
            polls_at_once: true,
            ..CALM
        };
        let (world, ..) = play(seed, Some(rules));
        let outcome = world.check_end();
        assert!(outcome.record.is_some(), "world {seed}");
        assert_eq!(outcome.failure, None, "world {seed}");
        let count = |is_it: fn(&SessionEvent) -> bool| {
            world.events.iter().filter(|event| is_it(event)).count()
        };
        let answers = count(|event| {
            let state = MemberState::InCall;
            matches!(event, SessionEvent::Member { state: told, .. } if *told == state)
        });
        let plays = count(|event| matches!(event, SessionEvent::Playing { .. }));
        // Who hangs up while the ingest is being started does not hear it.
        assert!(plays <= world.tasks(), "world {seed}");
        assert!(world.tasks() <= answers.min(1), "world {seed}");
        assert!(world.was_answered() || answers == 0, "world {seed}");
        played += plays;
    }
    assert!(played > 100, "{played}");
}

#[test]
fn a_process_can_stop_at_every_step_and_another_goes_on() {
    for watch in [Watch::Both, Watch::Polling, Watch::Webhooks] {
        for seed in 1..=12 {
            let rules = Rules { watch, ..CALM };
            let (_, calm, _) = play(seed, Some(rules));
            for stop in 0..calm.len() {
                let (world, outcome) = play_on_after_stop(seed, rules, stop);
                let stopped = format!("world {seed}, {watch:?}, stopped at {stop}");
                assert!(
                    outcome.record.is_some() || outcome.call_id.is_none(),
                    "{stopped}"
                );
                assert!(world.tasks() <= 1, "{stopped}");
            }
        }
    }
}

/// As [`play`], but the process is another one after so many steps.
fn play_on_after_stop(seed: u64, rules: Rules, stop: usize) -> (World, Outcome) {
    let mut dice = Dice::new(seed);
    let mut world = World::new(Rules {
        crashes: 1,
        ..rules
    });
    let mut steps = 0;
    while !world.is_done() {
        if steps == stop {
            world.apply(Action::Crash);
        }
        let mut actions = world.actions();
        actions.retain(|action| !matches!(action, Action::Crash));
        if !actions.is_empty() {
            world.apply(dice.pick(&actions));
        }
        steps += 1;
        assert!(steps < 3_000, "it does not end: {world:?}");
    }
    let outcome = world.check_end();
    (world, outcome)
}

/// Goes every way from the beginning, each state once. Gives the numbers of states, of steps between them,
/// and of the orders in which they can follow each other.
fn explore(rules: Rules) -> (usize, usize, u64) {
    fn orders_from(world: &World, known: &mut BTreeMap<u64, u64>, steps: &mut usize) -> u64 {
        let key = hash(&world.key());
        if let Some(orders) = known.get(&key) {
            return *orders;
        }
        let mut orders: u64 = 0;
        if world.is_done() {
            world.check_end();
            orders = 1;
        } else {
            let actions = world.actions();
            assert!(!actions.is_empty(), "it is stuck: {world:?}");
            for action in actions {
                let mut next = world.clone();
                next.apply(action);
                *steps += 1;
                orders = orders.saturating_add(orders_from(&next, known, steps));
            }
        }
        known.insert(key, orders);
        orders
    }
    let (mut known, mut steps) = (BTreeMap::new(), 0);
    let orders = orders_from(&World::new(rules), &mut known, &mut steps);
    (known.len(), steps, orders)
}

/// Asking every second instead of now and then makes the same worlds some hundred times larger: they are
/// explored where many worlds are asked for.
#[test]
fn in_every_order_of_a_small_world_the_guarantees_hold() {
    let seldom = Rules {
        watch: Watch::Polling,
        max_duration: Duration::from_secs(3),
        poll_interval: Duration::from_secs(20),
        is_instant: true,
        polls_at_once: true,
        ..CALM
    };
    let often = Rules {
        poll_interval: Duration::from_secs(1),
        ..seldom
    };
    let ways = |rules: Rules| {
        [
            ("polling", rules),
            ("polling, one fault", Rules { faults: 1, ..rules }),
            (
                "polling, one crash",
                Rules {
                    crashes: 1,
                    ..rules
                },
            ),
            (
                "both",
                Rules {
                    watch: Watch::Both,
                    ..rules
                },
            ),
            (
                "webhooks",
                Rules {
                    watch: Watch::Webhooks,
                    ..rules
                },
            ),
        ]
    };
    let mut all = vec![("polling often", often)];
    all.extend(ways(seldom));
    if worlds() >= 100_000 {
        all.extend(ways(often));
    }
    let mut sum = 0;
    for (name, rules) in all {
        let (states, steps, orders) = explore(rules);
        println!("{name}: {orders} orders of {states} states and {steps} steps");
        sum += orders;
    }
    println!("{sum} orders in all");
    assert!(sum > 100_000, "{sum}");
}
