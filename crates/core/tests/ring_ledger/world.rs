//! A database, workers, a service, and what can happen to them.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::Duration;

use trtc_call_core::call_engine::start_call_by_robot::{CalleeResult, Request};
use trtc_call_core::call_session::Failure;
use trtc_call_core::ring_ledger::{
    Again, Evidence, Limiter, MARK_AHEAD, NewRing, Policy, Ring, RingEvent, RingKey, RingState,
    SendResult, TOLERANCE, Terms,
};
use trtc_call_core::{CallId, CallRecord, CallResult, MediaType, SdkAppId, UnixMillis, UserId};

const START: u64 = 1_700_000_000_000;
const LEASE: Duration = Duration::from_secs(30);
const DAY: u64 = 24 * 3600 * 1000;

/// xorshift64*: the same worlds in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % limit
    }

    fn one_in(&mut self, chances: u64) -> bool {
        chances > 0 && self.below(chances) == 0
    }
}

/// How bad a world is: each is one chance in so many, 0 never.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) steps: u64,
    keys: u64,
    workers: usize,
    rate: u32,
    database_fails: u64,
    pauses: u64,
    crashes: u64,
    jumps: u64,
    bad_fates: u64,
    people: u64,
}

impl Rules {
    pub(crate) fn any(dice: &mut Dice) -> Rules {
        let mut some = |often: u64| match dice.below(3) {
            0 => 0,
            1 => often,
            _ => often * 6,
        };
        Rules {
            database_fails: some(8),
            pauses: some(20),
            crashes: some(50),
            jumps: some(100),
            bad_fates: some(1),
            people: some(2),
            steps: 200 + dice.below(500),
            keys: 1 + dice.below(20),
            workers: 1 + usize::try_from(dice.below(4)).unwrap(),
            rate: [1, 5, 190][usize::try_from(dice.below(3)).unwrap()],
        }
    }
}

/// What a worker process knows. A crash forgets it.
#[derive(Debug, Clone)]
struct Worker {
    owner: String,
    /// It does nothing before that time.
    paused_until: u64,
    claimed: Vec<Held>,
    marked: Vec<Held>,
    tellings: Vec<(RingKey, RingEvent)>,
}

impl Worker {
    /// When it can do something about what it has in hand.
    fn next_deed(&self, now: u64) -> Option<u64> {
        let mark_ahead = u64::try_from(MARK_AHEAD.as_millis()).unwrap();
        let marks = self.claimed.iter().map(|held| held.slot - mark_ahead);
        let slots = self.marked.iter().map(|held| held.slot);
        let tellings = self.tellings.iter().map(|_| now);
        let next = marks.chain(slots).chain(tellings).min()?;
        Some(next.max(self.paused_until))
    }
}

/// A ring in hand, and when its slot is by the worker's own clock.
#[derive(Debug, Clone)]
struct Held {
    ring: Ring,
    slot: u64,
}

/// A request that a worker has sent: the reply comes, or not.
#[derive(Debug, Clone)]
struct UnderWay {
    worker: String,
    at: u64,
    event: (RingKey, RingEvent),
}

#[derive(Debug, Clone)]
pub(crate) struct World {
    rules: Rules,
    /// True time, by which nobody can go but everybody's own watch does.
    now: u64,
    /// What the database's clock adds to it.
    offset: i64,
    table: BTreeMap<RingKey, Ring>,
    limiter: Limiter,
    workers: Vec<Worker>,
    born: u64,
    under_way: Vec<UnderWay>,
    /// The service: when each key rang, and when requests came in time.
    phones: BTreeMap<RingKey, Vec<u64>>,
    sends: Vec<u64>,
    /// Calls whose callee was busy: no phone rang, and they ended at once.
    busy: BTreeMap<RingKey, u64>,
    /// Webhooks that are still to be delivered.
    webhooks: Vec<(u64, RingKey)>,
    /// Whoever was not reached is rung once more, under another key, by another.
    policy: Policy,
    second_attempts: BTreeSet<RingKey>,
    pub(crate) ways: Vec<(&'static str, &'static str)>,
    pub(crate) late_sends: u64,
    pub(crate) dropped: u64,
    pub(crate) crashes: u64,
    pub(crate) jumps: u64,
    /// A fault that the worlds must show.
    pub(crate) queues_what_is_unknown: bool,
}

/// How a transaction ends for its worker.
#[derive(Clone, Copy, PartialEq)]
enum Commit {
    Done,
    /// Nothing was written.
    Failed,
    /// It was written, and the worker did not hear of it.
    Untold,
}

impl World {
    pub(crate) fn new(rules: Rules, seed: u64) -> World {
        let mut world = World {
            rules,
            now: START + seed,
            offset: 0,
            table: BTreeMap::new(),
            limiter: Limiter::default(),
            workers: Vec::new(),
            born: 0,
            under_way: Vec::new(),
            phones: BTreeMap::new(),
            sends: Vec::new(),
            busy: BTreeMap::new(),
            webhooks: Vec::new(),
            policy: Policy::default(),
            second_attempts: BTreeSet::new(),
            ways: Vec::new(),
            late_sends: 0,
            dropped: 0,
            crashes: 0,
            jumps: 0,
            queues_what_is_unknown: false,
        };
        world.policy.again = Some(Again::new(2, Duration::from_secs(60)));
        let app = SdkAppId::new(7).unwrap();
        for number in 0..rules.keys {
            let call = Request::builder("robot", ["jack"], MediaType::Audio);
            let key = RingKey::new(format!("key-{number}")).unwrap();
            let mut new = NewRing::queued(key.clone(), call.build().unwrap());
            if number % 7 == 6 {
                new.not_after = Some(UnixMillis(world.now + 60_000));
            }
            new.watched = number % 3 == 0;
            world.table.insert(key, Ring::new(app, new, world.clock()));
        }
        for _ in 0..rules.workers {
            let worker = world.bear();
            world.workers.push(worker);
        }
        world
    }

    fn bear(&mut self) -> Worker {
        self.born += 1;
        Worker {
            owner: format!("worker-{}", self.born),
            paused_until: 0,
            claimed: Vec::new(),
            marked: Vec::new(),
            tellings: Vec::new(),
        }
    }

    /// The database's clock.
    fn clock(&self) -> UnixMillis {
        UnixMillis(self.now.saturating_add_signed(self.offset))
    }

    pub(crate) fn rings(&self) -> impl Iterator<Item = &Ring> {
        self.table.values()
    }

    pub(crate) fn second_attempts(&self) -> u64 {
        self.second_attempts.len() as u64
    }

    pub(crate) fn rung(&self) -> u64 {
        self.phones.len() as u64
    }

    pub(crate) fn most_rings(&self) -> usize {
        self.phones.values().map(Vec::len).max().unwrap_or(0)
    }

    fn write(&mut self, rings: Vec<Ring>) {
        for ring in rings {
            let next = self.policy.next_attempt(&ring, ring.updated_at);
            self.second_attempts
                .extend(next.and_then(|next| next.first_key));
            let last = self.table.insert(ring.key.clone(), ring.clone()).unwrap();
            assert!(
                ring.version > last.version,
                "an older version is written: {ring:?}"
            );
            let mut steps: Vec<&'static str> = vec![last.state.as_str()];
            let new = usize::try_from(ring.version - last.version).unwrap();
            let told = ring.history.len().saturating_sub(new);
            steps.extend(ring.history[told..].iter().map(|step| step.state.as_str()));
            self.ways
                .extend(steps.windows(2).map(|pair| (pair[0], pair[1])));
        }
    }

    fn commit(&self, dice: &mut Dice) -> Commit {
        match dice.one_in(self.rules.database_fails) {
            false => Commit::Done,
            true => [Commit::Failed, Commit::Untold][usize::try_from(dice.below(2)).unwrap()],
        }
    }

    /// Something happens.
    pub(crate) fn step(&mut self, dice: &mut Dice) {
        self.now += [0, 1, 1, 3, 5, 10, 20, 400][usize::try_from(dice.below(8)).unwrap()];
        if dice.one_in(30) {
            self.now += 25_000;
        }
        if dice.one_in(self.rules.jumps) {
            self.jumps += 1;
            self.offset += i64::try_from(dice.below(4 * 3_600_000)).unwrap() - 2 * 3_600_000;
        }
        self.arrive();
        match dice.below(12) {
            0 => self.keep_house(),
            1 => self.sweep(),
            2 => self.deliver(dice),
            3 if dice.one_in(self.rules.people) => self.meddle(dice),
            _ => {
                let index = usize::try_from(dice.below(self.workers.len() as u64)).unwrap();
                self.work(index, dice);
            }
        }
    }

    fn work(&mut self, index: usize, dice: &mut Dice) {
        if dice.one_in(self.rules.crashes) {
            self.crashes += 1;
            self.workers[index] = self.bear();
            return;
        }
        if dice.one_in(self.rules.pauses) {
            self.workers[index].paused_until =
                self.now + [50, 2_000, 45_000, 90_000][usize::try_from(dice.below(4)).unwrap()];
        }
        if self.workers[index].paused_until > self.now {
            return;
        }
        // Replies that came while it was paused are heard now.
        if !self.workers[index].tellings.is_empty() && dice.below(2) == 0 {
            return self.tell(index, dice);
        }
        if self.workers[index]
            .marked
            .iter()
            .any(|held| held.slot <= self.now)
        {
            return self.send(index, dice);
        }
        let mark_ahead = u64::try_from(MARK_AHEAD.as_millis()).unwrap();
        let is_soon = |held: &Held, now: u64| held.slot <= now + mark_ahead;
        if self.workers[index]
            .claimed
            .iter()
            .any(|held| is_soon(held, self.now))
        {
            return self.mark(index, dice);
        }
        self.look(index, dice);
    }

    fn terms(&self, index: usize, dice: &mut Dice) -> Terms {
        Terms {
            owner: self.workers[index].owner.clone(),
            lease: LEASE,
            reply_lease: LEASE,
            lead: Duration::from_millis(dice.below(30)),
            rate: NonZeroU32::new(self.rules.rate),
        }
    }

    fn held(&self, ring: &Ring) -> Held {
        let slot = ring.slot.unwrap().0 + self.now;
        Held {
            ring: ring.clone(),
            slot: slot.saturating_sub(self.clock().0),
        }
    }

    fn look(&mut self, index: usize, dice: &mut Dice) {
        let (now, terms) = (self.clock(), self.terms(index, dice));
        let is_due = |ring: &&Ring| {
            ring.state == RingState::Queued && ring.not_before.is_some_and(|at| at <= now)
        };
        let wanted = 1 + usize::try_from(dice.below(8)).unwrap();
        let due: Vec<Ring> = self.rings().filter(is_due).take(wanted).cloned().collect();
        let mut limiter = self.limiter;
        let claimed = terms.claim(&due, &mut limiter, now);
        let commit = self.commit(dice);
        if commit == Commit::Failed {
            return;
        }
        self.limiter = limiter;
        self.write(claimed.clone());
        if commit == Commit::Done {
            self.take_in_hand(index, &claimed);
        }
    }

    fn take_in_hand(&mut self, index: usize, rings: &[Ring]) {
        for ring in rings {
            match ring.state {
                RingState::Claimed => {
                    let held = self.held(ring);
                    self.workers[index].claimed.push(held);
                }
                RingState::Sending => {
                    let held = self.held(ring);
                    self.workers[index].marked.push(held);
                }
                _ => {}
            }
        }
    }

    fn mark(&mut self, index: usize, dice: &mut Dice) {
        let now = self.now;
        let mark_ahead = u64::try_from(MARK_AHEAD.as_millis()).unwrap();
        let claimed = std::mem::take(&mut self.workers[index].claimed);
        let (due, later): (Vec<_>, Vec<_>) = claimed
            .into_iter()
            .partition(|held| held.slot <= now + mark_ahead);
        self.workers[index].claimed = later;
        // A database gives each row once, though a worker may have taken a ring a second time.
        let keys: BTreeSet<&RingKey> = due.iter().map(|held| &held.ring.key).collect();
        let rings: Vec<Ring> = keys.iter().map(|key| self.table[*key].clone()).collect();
        let marked = self.terms(index, dice).mark(&rings, self.clock());
        let commit = self.commit(dice);
        if commit == Commit::Failed {
            return;
        }
        self.write(marked.clone());
        if commit == Commit::Done {
            self.take_in_hand(index, &marked);
        }
    }

    /// Sends what is due, or drops what it is too late for. A worker may also stop between looking at its watch and
    /// sending: then it sends very late.
    fn send(&mut self, index: usize, dice: &mut Dice) {
        let now = self.now;
        let worker = &mut self.workers[index];
        let place = worker
            .marked
            .iter()
            .position(|held| held.slot <= now)
            .unwrap();
        let held = worker.marked.remove(place);
        let tolerance = u64::try_from(TOLERANCE.as_millis()).unwrap();
        let told = |result| {
            let holder = held.ring.holder();
            (held.ring.key.clone(), RingEvent::Told { holder, result })
        };
        if now > held.slot + tolerance {
            worker.tellings.push(told(SendResult::Dropped));
            self.dropped += 1;
            return;
        }
        let owner = worker.owner.clone();
        let sent_at = match dice.one_in(self.rules.pauses * 3) {
            false => {
                self.sends.push(now);
                now
            }
            true => {
                self.late_sends += 1;
                worker.paused_until = now + 1000 + dice.below(120_000);
                worker.paused_until
            }
        };
        let failure = || Failure::stored("a_failure", "");
        let mut fate = dice.below(3);
        if dice.one_in(self.rules.bad_fates) {
            fate = 3 + dice.below(9);
        }
        let rings = !matches!(fate, 5..=8 | 10 | 11);
        if fate >= 10 {
            self.busy.insert(held.ring.key.clone(), sent_at);
            // Some come before the reply.
            if dice.below(3) > 0 {
                self.webhooks
                    .push((sent_at + dice.below(200), held.ring.key.clone()));
            }
        }
        if rings {
            self.phones
                .entry(held.ring.key.clone())
                .or_default()
                .push(sent_at);
            if dice.below(3) > 0 {
                self.webhooks
                    .push((sent_at + dice.below(200_000), held.ring.key.clone()));
            }
        }
        let rang = || SendResult::Rang {
            call_id: Some(call_of(&held.ring.key)),
            callees: Vec::new(),
            request_id: "r".to_owned(),
        };
        let (delay, result) = match fate {
            // Rings, and the reply is late beyond the lease.
            3 => (40_000 + dice.below(400_000), Some(rang())),
            // Rings, or does not, and nothing tells.
            4 | 5 => (
                dice.below(10_000),
                Some(SendResult::Unknown { failure: failure() }),
            ),
            6 => (
                dice.below(90_000),
                Some(SendResult::Refused {
                    failure: failure(),
                    callees: Vec::new(),
                }),
            ),
            7 | 8 => {
                let after = Duration::from_millis(dice.below(5_000));
                (
                    dice.below(90_000),
                    Some(SendResult::Nothing {
                        failure: failure(),
                        after,
                    }),
                )
            }
            // The worker hears of nothing, ever.
            9 | 10 => (0, None),
            // Its callee is busy.
            11 => {
                let failure = Failure::stored("not_rung", "");
                let callees = vec![CalleeResult::new(UserId::any("jack"), 1)];
                (
                    dice.below(500),
                    Some(SendResult::Refused { failure, callees }),
                )
            }
            _ => (dice.below(500), Some(rang())),
        };
        if let Some(result) = result {
            self.under_way.push(UnderWay {
                worker: owner,
                at: sent_at + delay,
                event: told(result),
            });
        }
    }

    /// Replies that have come, for workers that are still there.
    fn arrive(&mut self) {
        let now = self.now;
        let (come, left) = std::mem::take(&mut self.under_way)
            .into_iter()
            .partition(|reply| reply.at <= now);
        self.under_way = left;
        let come: Vec<UnderWay> = come;
        for reply in come {
            let worker = self
                .workers
                .iter_mut()
                .find(|worker| worker.owner == reply.worker);
            if let Some(worker) = worker {
                worker.tellings.push(reply.event);
            }
        }
    }

    fn tell(&mut self, index: usize, dice: &mut Dice) {
        let now = self.clock();
        let commit = self.commit(dice);
        let tellings = match commit {
            Commit::Failed => return,
            // It is told again.
            Commit::Untold => self.workers[index].tellings.clone(),
            Commit::Done => std::mem::take(&mut self.workers[index].tellings),
        };
        for (key, event) in tellings {
            if let RingEvent::Told { result, .. } = &event
                && result.slows_all()
            {
                self.limiter.slow(now);
            }
            self.happen(&key, &event);
        }
    }

    fn happen(&mut self, key: &RingKey, event: &RingEvent) {
        if let Ok(changed) = self.table[key].apply(event, self.clock()) {
            self.write(vec![changed]);
        }
    }

    fn keys(&self) -> Vec<RingKey> {
        self.table.keys().cloned().collect()
    }

    fn keep_house(&mut self) {
        for key in self.keys() {
            self.happen(&key, &RingEvent::TimePassed);
            let ring = self.table.get_mut(&key).unwrap();
            if self.queues_what_is_unknown && ring.state == RingState::Unknown {
                ring.state = RingState::Queued;
            }
        }
    }

    fn found(&self, key: &RingKey, evidence: Evidence) -> Option<RingEvent> {
        let rang = self.phones.get(key).and_then(|times| times.first());
        let busy = self.busy.get(key);
        let began = rang.or(busy).filter(|at| **at <= self.now)?;
        let record = busy.map(|_| {
            let users = ["robot", "jack"].map(UserId::any);
            let at = UnixMillis(*began).seconds();
            let [caller, _] = &users;
            let (caller, result) = (caller.clone(), CallResult::CallBusy);
            Box::new(CallRecord::new(
                call_of(key),
                caller,
                users.to_vec(),
                result,
                at,
                at,
            ))
        });
        Some(RingEvent::Found {
            evidence,
            call_id: call_of(key),
            record,
        })
    }

    /// Records are there for a week.
    fn sweep(&mut self) {
        for key in self.keys() {
            if self.table[&key].look_at.is_none_or(|at| at > self.clock()) {
                continue;
            }
            let event = self
                .found(&key, Evidence::Record)
                .unwrap_or(RingEvent::NotFound);
            self.happen(&key, &event);
        }
    }

    fn deliver(&mut self, dice: &mut Dice) {
        let now = self.now;
        let Some(place) = self.webhooks.iter().position(|(at, _)| *at <= now) else {
            return;
        };
        let key = self.webhooks[place].1.clone();
        // Some come twice.
        if dice.below(4) > 0 {
            self.webhooks.remove(place);
        }
        if let Some(event) = self.found(&key, Evidence::Webhook) {
            self.happen(&key, &event);
        }
    }

    /// People settle, rightly and wrongly, and take back.
    fn meddle(&mut self, dice: &mut Dice) {
        let keys = self.keys();
        let key = &keys[usize::try_from(dice.below(keys.len() as u64)).unwrap()];
        let has_rung = self.phones.contains_key(key);
        let event = match dice.below(20) {
            0 => RingEvent::Cancelled,
            1..10 if has_rung => RingEvent::SettledByHand { has_rung: true },
            _ => RingEvent::SettledByHand { has_rung: false },
        };
        self.happen(key, &event);
    }

    /// Nothing goes wrong any more, for longer than records are kept.
    pub(crate) fn calm_down(&mut self) {
        self.rules = Rules {
            database_fails: 0,
            pauses: 0,
            crashes: 0,
            jumps: 0,
            bad_fates: 0,
            people: 0,
            ..self.rules
        };
        self.offset = 0;
        let mut dice = Dice::new(1);
        for _ in 0..8 * 8 {
            self.work_off(&mut dice);
            if self.rings().all(|ring| ring.state.is_final()) {
                return;
            }
            self.now += DAY / 8;
            self.keep_house();
            self.sweep();
        }
    }

    /// Everything is done that can be done soon.
    fn work_off(&mut self, dice: &mut Dice) {
        let until = self.now + 10 * 60_000;
        while self.now < until {
            let last = self.now;
            self.arrive();
            for index in 0..self.workers.len() {
                for _ in 0..4 {
                    self.work(index, dice);
                }
            }
            self.keep_house();
            let workers = self
                .workers
                .iter()
                .filter_map(|worker| worker.next_deed(last));
            let replies = self.under_way.iter().map(|reply| reply.at);
            let clock = self.clock();
            let chance = self.limiter.next_chance(clock);
            let waiting = self.rings().filter(|ring| ring.state == RingState::Queued);
            let due = waiting.filter_map(|ring| ring.not_before);
            let due = due.map(|at| last + at.max(chance).0.saturating_sub(clock.0) + 1);
            let times = workers.chain(replies).chain(due);
            let Some(next) = times.min() else { return };
            self.now = next.max(last + 1);
        }
    }

    pub(crate) fn check(&self) {
        for (key, times) in &self.phones {
            assert_eq!(
                times.len(),
                1,
                "{key} rang twice: {times:?} {:?}",
                self.table[key]
            );
        }
    }

    pub(crate) fn check_end(&self) {
        for ring in self.rings() {
            let times = self.phones.get(&ring.key).map_or(0, Vec::len);
            let is_over = matches!(ring.state, RingState::Rung | RingState::Refused);
            assert_eq!(
                self.second_attempts.contains(&ring.key),
                is_over && self.busy.contains_key(&ring.key),
                "who was busy is rung again, and nobody else: {ring:?}"
            );
            assert!(ring.state.is_final(), "it does not end: {ring:?}");
            match ring.state {
                RingState::Rung => assert_eq!(times, 1, "{ring:?}"),
                RingState::Refused | RingState::Cancelled => assert_eq!(times, 0, "{ring:?}"),
                // A person may be wrong.
                _ => assert!(
                    times == 0 || ring.evidence == Some(Evidence::Hand),
                    "{ring:?}"
                ),
            }
        }
        // Where no clock jumps, what is sent in time keeps the service's limit.
        if self.jumps == 0 {
            let most = (f64::from(self.rules.rate) * 1.046).ceil() as usize + 1;
            for window in self.sends.windows(most + 1) {
                assert!(window[most] - window[0] >= 1000, "{most} in {window:?}");
            }
        }
    }
}

fn call_of(key: &RingKey) -> CallId {
    CallId::new(format!("call-{key}")).unwrap()
}
