//! A ledger of rings in virtual time: many workers ring a million users through the decisions of `ring_ledger`, with
//! latencies, pauses and crashes. `cargo xtask simulate ledger` runs it.
//!
//! `simulate_ledger [RINGS] [WORKERS] [SEED]` prints `name = value` lines.
#![expect(clippy::print_stdout, reason = "it prints what came of it")]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use std::time::Duration;

use trtc_call_core::call_engine::start_call_by_robot::Request;
use trtc_call_core::call_session::Failure;
use trtc_call_core::ring_ledger::{
    DEFAULT_RATE, Evidence, HORIZON, Holder, Limiter, MARK_AHEAD, NewRing, Ring, RingEvent,
    RingKey, RingState, SendResult, TOLERANCE, Terms,
};
use trtc_call_core::{CallId, Command, MediaType, SdkAppId, UnixMillis};

const START: u64 = 1_700_000_000_000;
const BATCH: usize = 50;
/// Workers that found no slot do not all look again at once.
const SPREAD: u64 = 500;
/// Rings that stand in memory before they are taken.
const AHEAD: usize = 5_000;

fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("a number"));
    let rings = arguments.next().unwrap_or(1_000_000);
    let workers = arguments.next().unwrap_or(64);
    let seed = arguments.next().unwrap_or(1);
    let mut world = World::new(rings, workers, seed);
    world.run();
    world.report();
}

/// xorshift64*
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }

    /// Mostly short, seldom long: a database or a network as it is.
    fn latency(&mut self, usual: u64, seldom: u64) -> u64 {
        match self.below(200) {
            0 => self.below(seldom),
            _ => 1 + self.below(usual),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    Look,
    Mark(Vec<u64>),
    Send { ring: u64, epoch: u64, slot: u64 },
    Tell { ring: u64, epoch: u64, fate: Fate },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Rang,
    Refused,
    Nothing,
    Unknown,
    Dropped,
}

struct Worker {
    /// Counts its processes: what belonged to a dead one is forgotten.
    life: u64,
    paused_until: u64,
}

/// When, as the how manieth, who, in which of its lives, and what.
type Due = (u64, u64, usize, u64, Deed);

struct World {
    dice: Dice,
    now: u64,
    rings: u64,
    /// How many were put in.
    put_in: u64,
    table: BTreeMap<u64, Ring>,
    due: BTreeSet<(UnixMillis, u64)>,
    leases: BTreeSet<(UnixMillis, u64)>,
    looks: BTreeSet<(UnixMillis, u64)>,
    limiter: Limiter,
    workers: Vec<Worker>,
    deeds: BinaryHeap<Reverse<Due>>,
    count: u64,
    rang: Vec<u8>,
    /// The requests of the last second.
    second: VecDeque<u64>,
    busiest: usize,
    over: u64,
    sends: u64,
    first_send: u64,
    /// When 99 of 100 were sent: the rest waits for leases and pauses of its workers.
    most_sent: u64,
    tallies: BTreeMap<&'static str, u64>,
}

impl World {
    fn new(rings: u64, workers: u64, seed: u64) -> World {
        let mut world = World {
            dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            now: START,
            rings,
            put_in: 0,
            table: BTreeMap::new(),
            due: BTreeSet::new(),
            leases: BTreeSet::new(),
            looks: BTreeSet::new(),
            limiter: Limiter::default(),
            workers: Vec::new(),
            deeds: BinaryHeap::new(),
            count: 0,
            rang: vec![0; usize::try_from(rings).expect("they fit")],
            second: VecDeque::new(),
            busiest: 0,
            over: 0,
            sends: 0,
            first_send: 0,
            most_sent: 0,
            tallies: BTreeMap::new(),
        };
        for index in 0..usize::try_from(workers).expect("they fit") {
            world.workers.push(Worker {
                life: 0,
                paused_until: 0,
            });
            world.plan(index, START + index as u64, Deed::Look);
        }
        world
    }

    fn plan(&mut self, worker: usize, at: u64, deed: Deed) {
        self.count += 1;
        let life = self.workers[worker].life;
        self.deeds
            .push(Reverse((at, self.count, worker, life, deed)));
    }

    fn tally(&mut self, name: &'static str) {
        *self.tallies.entry(name).or_default() += 1;
    }

    fn run(&mut self) {
        let mut housekeeping = START;
        while self.put_in < self.rings || !self.table.is_empty() {
            let Some(Reverse((at, _, index, life, deed))) = self.deeds.pop() else {
                break;
            };
            self.now = self.now.max(at);
            while housekeeping <= self.now {
                self.keep_house();
                housekeeping += 1000;
            }
            let worker = &self.workers[index];
            if worker.life != life {
                continue;
            }
            if worker.paused_until > self.now {
                self.plan(index, worker.paused_until, deed);
                continue;
            }
            self.do_it(index, deed);
        }
    }

    fn do_it(&mut self, index: usize, deed: Deed) {
        if self.dice.below(20_000) == 0 {
            self.tally("crashes");
            self.workers[index].life += 1;
            return self.plan(index, self.now + 2_000, Deed::Look);
        }
        if self.dice.below(5_000) == 0 {
            self.tally("pauses");
            self.workers[index].paused_until = self.now + self.dice.below(90_000);
            return self.plan(index, self.workers[index].paused_until, deed);
        }
        match deed {
            Deed::Look => self.look(index),
            Deed::Mark(rings) => self.mark(index, &rings),
            Deed::Send { ring, epoch, slot } => self.send(index, ring, epoch, slot),
            Deed::Tell { ring, epoch, fate } => self.tell(index, ring, epoch, fate),
        }
    }

    fn owner(&self, index: usize) -> String {
        format!("{index}-{}", self.workers[index].life)
    }

    fn terms(&self, index: usize) -> Terms {
        Terms {
            owner: self.owner(index),
            lease: Duration::from_secs(10),
            reply_lease: Duration::from_secs(30),
            lead: Duration::from_millis(12),
            rate: Some(DEFAULT_RATE),
        }
    }

    fn put_in(&mut self) {
        while self.put_in < self.rings && self.due.len() < AHEAD {
            let number = self.put_in;
            let builder = Request::builder("robot", ["jack"], MediaType::Audio);
            let call = builder.build().expect("a call");
            let key = RingKey::new(format!("key-{number}")).expect("a key");
            let app = SdkAppId::new(7).expect("an application");
            let ring = Ring::new(app, NewRing::queued(key, call), UnixMillis(self.now));
            self.write(number, ring);
            self.put_in += 1;
        }
    }

    /// Writes a row, with the indexes that lead to it. What is final is counted and forgotten.
    fn write(&mut self, number: u64, ring: Ring) {
        if let Some(last) = self.table.remove(&number) {
            self.due
                .remove(&(last.not_before.unwrap_or_default(), number));
            self.leases
                .remove(&(last.lease_until.unwrap_or_default(), number));
            self.looks
                .remove(&(last.look_at.unwrap_or_default(), number));
        }
        if ring.state.is_final() {
            self.tally(ring.state.as_str());
            if let Some(evidence) = ring.evidence {
                self.tally(match evidence {
                    Evidence::Reply => "settled_by_reply",
                    Evidence::Record => "settled_by_record",
                    _ => "settled_by_silence",
                });
            }
            return;
        }
        if ring.state == RingState::Queued {
            self.due
                .insert((ring.not_before.unwrap_or_default(), number));
        }
        self.leases.extend(ring.lease_until.map(|at| (at, number)));
        self.looks.extend(ring.look_at.map(|at| (at, number)));
        self.table.insert(number, ring);
    }

    fn look(&mut self, index: usize) {
        self.put_in();
        let now = UnixMillis(self.now);
        let chance = self.limiter.next_chance(now).0;
        if chance > self.now {
            let at = chance + self.dice.below(SPREAD);
            return self.plan(index, at, Deed::Look);
        }
        let due = self.due.iter().take(BATCH).filter(|(at, _)| *at <= now);
        let numbers: Vec<u64> = due.map(|(_, number)| *number).collect();
        let rings: Vec<Ring> = numbers
            .iter()
            .map(|number| self.table[number].clone())
            .collect();
        let claimed = self.terms(index).claim(&rings, &mut self.limiter, now);
        let heard = self.now + self.dice.latency(10, 3_000);
        let mut last = None;
        let mut later = Vec::new();
        for ring in claimed {
            let number = number_of(&ring);
            let slot = ring.slot.unwrap_or_default().0;
            last = Some(slot);
            match ring.state {
                RingState::Sending => {
                    let epoch = ring.epoch;
                    let ring = number;
                    self.plan(index, heard.max(slot), Deed::Send { ring, epoch, slot });
                }
                RingState::Claimed => later.push((slot, number)),
                _ => {}
            }
            self.write(number, ring);
        }
        self.plan_mark(index, heard, &later);
        let half_horizon = u64::try_from(HORIZON.as_millis() / 2).expect("it fits");
        let is_all_sent = self.put_in == self.rings && self.due.is_empty();
        let next = match last {
            // What is unknown is looked for during a week.
            None if is_all_sent && self.leases.is_empty() => heard + 3_600_000,
            None if is_all_sent => heard + 1_000,
            Some(slot) => heard.max(slot - half_horizon),
            None => heard.max(self.limiter.next_chance(now).0 + self.dice.below(SPREAD)),
        };
        self.plan(index, next, Deed::Look);
    }

    /// What a worker has in hand is marked when the next of it is due, as much as is due then.
    fn plan_mark(&mut self, index: usize, heard: u64, held: &[(u64, u64)]) {
        let Some((next, _)) = held.first() else {
            return;
        };
        let ahead = u64::try_from(MARK_AHEAD.as_millis()).expect("it fits");
        let numbers = held.iter().map(|(_, number)| *number).collect();
        self.plan(index, heard.max(next - ahead), Deed::Mark(numbers));
    }

    fn mark(&mut self, index: usize, numbers: &[u64]) {
        let rings = numbers
            .iter()
            .filter_map(|number| self.table.get(number).cloned());
        let rings: Vec<Ring> = rings.collect();
        let marked = self.terms(index).mark(&rings, UnixMillis(self.now));
        let heard = self.now + self.dice.latency(10, 3_000);
        let is_marked: BTreeSet<u64> = marked.iter().map(number_of).collect();
        let owner = self.owner(index);
        let left = rings
            .iter()
            .filter(|ring| {
                ring.state == RingState::Claimed && ring.owner.as_deref() == Some(&owner)
            })
            .map(|ring| (ring.slot.unwrap_or_default().0, number_of(ring)))
            .filter(|(_, number)| !is_marked.contains(number));
        let left: Vec<(u64, u64)> = left.collect();
        self.plan_mark(index, heard, &left);
        for ring in marked {
            let (number, epoch) = (number_of(&ring), ring.epoch);
            let slot = ring.slot.unwrap_or_default().0;
            self.write(number, ring);
            let ring = number;
            self.plan(index, heard.max(slot), Deed::Send { ring, epoch, slot });
        }
    }

    fn send(&mut self, index: usize, ring: u64, epoch: u64, slot: u64) {
        let tolerance = u64::try_from(TOLERANCE.as_millis()).expect("it fits");
        if self.now > slot + tolerance {
            let fate = Fate::Dropped;
            return self.plan(index, self.now, Deed::Tell { ring, epoch, fate });
        }
        self.note_send();
        // Whoever keeps the limit is refused for frequency when somebody else rings, too.
        let (fate, rings) = match self.dice.below(10_000) {
            0..40 => (Fate::Unknown, true),
            40..80 => (Fate::Unknown, false),
            80..110 => (Fate::Refused, false),
            110..111 => (Fate::Nothing, false),
            _ => (Fate::Rang, true),
        };
        if rings {
            self.rang[usize::try_from(ring).expect("it fits")] += 1;
        }
        let at = self.now + 20 + self.dice.latency(200, 12_000);
        self.plan(index, at, Deed::Tell { ring, epoch, fate });
    }

    fn note_send(&mut self) {
        let now = self.now;
        self.sends += 1;
        if self.first_send == 0 {
            self.first_send = now;
        }
        if self.sends == self.rings * 99 / 100 {
            self.most_sent = now;
        }
        self.second.push_back(now);
        while self.second.front().is_some_and(|at| at + 1000 <= now) {
            self.second.pop_front();
        }
        self.busiest = self.busiest.max(self.second.len());
        let limit = usize::try_from(Command::REQUESTS_PER_SECOND).expect("it fits");
        self.over += u64::from(self.second.len() > limit);
    }

    fn tell(&mut self, index: usize, number: u64, epoch: u64, fate: Fate) {
        let now = UnixMillis(self.now);
        let failure = || Failure::stored("a_failure", "");
        let result = match fate {
            Fate::Rang => SendResult::Rang {
                call_id: Some(call_of(number)),
                callees: Vec::new(),
                request_id: String::new(),
            },
            Fate::Refused => SendResult::Refused {
                failure: failure(),
                callees: Vec::new(),
            },
            Fate::Nothing => SendResult::Nothing {
                failure: failure(),
                after: Duration::from_secs(1),
            },
            Fate::Unknown => SendResult::Unknown { failure: failure() },
            Fate::Dropped => SendResult::Dropped,
        };
        if fate == Fate::Dropped {
            self.tally("dropped");
        }
        if result.slows_all() {
            self.tally("refused_for_frequency");
            self.limiter.slow(now);
        }
        let holder = Holder {
            owner: self.owner(index),
            epoch,
        };
        self.happen(number, &RingEvent::Told { holder, result });
    }

    fn happen(&mut self, number: u64, event: &RingEvent) {
        let changed = self
            .table
            .get(&number)
            .and_then(|ring| ring.apply(event, UnixMillis(self.now)).ok());
        if let Some(ring) = changed {
            if ring.state == RingState::Unknown && self.table[&number].state != RingState::Unknown {
                self.tally("unknown");
            }
            self.write(number, ring);
        }
    }

    fn keep_house(&mut self) {
        let now = UnixMillis(self.now);
        let over: Vec<u64> = self
            .leases
            .iter()
            .take_while(|(at, _)| *at <= now)
            .map(|(_, number)| *number)
            .collect();
        for number in over {
            self.happen(number, &RingEvent::TimePassed);
        }
        let looks: Vec<u64> = self
            .looks
            .iter()
            .take_while(|(at, _)| *at <= now)
            .map(|(_, number)| *number)
            .collect();
        for number in looks {
            let has_rung = self.rang[usize::try_from(number).expect("it fits")] > 0;
            let event = match has_rung {
                true => RingEvent::Found {
                    evidence: Evidence::Record,
                    call_id: call_of(number),
                    record: None,
                },
                false => RingEvent::NotFound,
            };
            self.happen(number, &event);
        }
    }

    fn report(&self) {
        let most = self.rang.iter().max().copied().unwrap_or(0);
        let seconds = (self.most_sent - self.first_send) as f64 / 1000.0;
        let most_sent = self.rings as f64 * 0.99;
        println!("simulate.rings = {}", self.rings);
        println!("simulate.workers = {}", self.workers.len());
        println!("simulate.sent = {}", self.sends);
        println!("simulate.seconds_for_99_percent = {seconds:.0}");
        println!("simulate.rate.per_second = {:.1}", most_sent / seconds);
        println!("simulate.busiest_second = {}", self.busiest);
        println!("simulate.seconds_over_the_limit = {}", self.over);
        println!("simulate.rings_of_a_key.most = {most}");
        for (name, count) in &self.tallies {
            println!("simulate.{name} = {count}");
        }
        assert!(most <= 1 && self.over == 0, "a guarantee does not hold");
    }
}

fn number_of(ring: &Ring) -> u64 {
    let number = ring.key.as_str().trim_start_matches("key-");
    number.parse().expect("its number")
}

fn call_of(number: u64) -> CallId {
    CallId::new(format!("call-{number}")).expect("a name")
}
