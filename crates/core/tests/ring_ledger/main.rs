//! What a ledger of rings guarantees, in worlds where everything can go wrong: replies are lost and late, workers stop
//! for longer than their lease and crash before and after each commit, clocks jump.
#![expect(
    clippy::print_stdout,
    reason = "how much was explored, and where it failed"
)]

mod scenes;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use trtc_call_core::ring_ledger::RingState;

use world::{Dice, Rules, World};

/// How many worlds: a thirtieth of those of call sessions, if `TRTC_CALL_WORLDS` said how many when this was compiled,
/// for these are larger.
fn worlds() -> u64 {
    option_env!("TRTC_CALL_WORLDS").map_or(300, |wanted| {
        let wanted: u64 = wanted.parse().expect("a number");
        wanted.div_ceil(30)
    })
}

fn play(seed: u64) -> World {
    let mut dice = Dice::new(seed);
    let rules = Rules::any(&mut dice);
    let mut world = World::new(rules, seed);
    for _ in 0..rules.steps {
        world.step(&mut dice);
        world.check();
    }
    world.calm_down();
    world.check();
    world.check_end();
    world
}

#[test]
fn in_every_world_a_key_rings_at_most_once_and_every_ring_ends() {
    let mut ways = BTreeSet::new();
    let mut ends: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut rung, mut again, mut late, mut dropped, mut crashes, mut jumps) = (0, 0, 0, 0, 0, 0);
    for seed in 1..=worlds() {
        let world = match std::panic::catch_unwind(|| play(seed)) {
            Ok(world) => world,
            Err(panic) => {
                println!("in world {seed}");
                std::panic::resume_unwind(panic)
            }
        };
        ways.extend(world.ways.iter().copied());
        for ring in world.rings() {
            *ends.entry(ring.state.as_str()).or_default() += 1;
        }
        rung += world.rung();
        again += world.second_attempts();
        late += world.late_sends;
        dropped += world.dropped;
        crashes += world.crashes;
        jumps += world.jumps;
    }
    println!(
        "{} worlds: {rung} rung, {again} to be rung again, {late} sent late, {dropped} dropped, {crashes} crashes, {jumps} jumps of the clock",
        worlds()
    );
    println!("they ended {ends:?}");
    // The worlds are worth something only if everything happens in them.
    // (The late ends of what was presumed are rare, and have scenes of their own.)
    let often = RingState::ALL
        .into_iter()
        .filter(|state| *state != RingState::PresumedNotRung);
    for state in often {
        for (next, why) in state.next() {
            assert!(
                ways.contains(&(state.as_str(), next.as_str())),
                "never went {state} -> {next}: {why}"
            );
        }
    }
    assert!(
        again > 0 && late > 0 && dropped > 0 && jumps > 0,
        "{again} {late} {dropped} {jumps}"
    );
}

/// What each worker thinks it knows is not enough to see a fault of this kind: a ledger that queued an expired ring
/// again would ring twice in these worlds.
#[test]
fn the_worlds_would_show_a_ledger_that_sends_again_what_is_unknown() {
    let rang_twice = (1..=100).filter(|seed| {
        let run = std::panic::catch_unwind(|| {
            let mut dice = Dice::new(*seed);
            let rules = Rules::any(&mut dice);
            let mut world = World::new(rules, *seed);
            world.queues_what_is_unknown = true;
            for _ in 0..rules.steps {
                world.step(&mut dice);
            }
            world.calm_down();
            world.most_rings() > 1
        });
        run.unwrap_or(false)
    });
    assert!(rang_twice.count() > 10);
}
