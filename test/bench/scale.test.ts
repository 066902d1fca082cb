import { describe, expect, test } from 'vitest';
import { Agenda } from '../../bench/scale/agenda.ts';
import { arrivals, burst, diurnal, type Profile, steady } from '../../bench/scale/arrivals.ts';
import { DOCUMENTED_SCALING, LambdaWorkers } from '../../bench/scale/lambda-workers.ts';
import { type Message, StandardQueue } from '../../bench/scale/queue.ts';
import { exponential, type Random, seeded } from '../../bench/scale/random.ts';
import { type Options, type Sight, simulate } from '../../bench/scale/simulate.ts';
import { FixedPool, type Workers } from '../../bench/scale/workers.ts';

const HOUR = 3600;
/** What a ramp's small steps add up to may be late by. */
const ROUNDING = 1e-3;

function* messages(profile: Profile, random: Random, until: number): Generator<Message> {
  for (const arrivedAt of arrivals(profile, random, until)) yield { tenant: 'any', arrivedAt };
}

interface Run {
  workers: Workers;
  profile: Profile;
  until: number;
  capacity?: number;
  seed?: number;
}

const run = ({ workers, profile, until, capacity = 0, seed = 7 }: Run, options?: Options) =>
  simulate(messages(profile, seeded(seed), until), { queue: new StandardQueue(), workers, capacity }, options);

const every = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

/** All of `count` messages at once. */
const flood = (count: number, workers: Workers, options?: Options) =>
  simulate(
    every(count, { tenant: 'any', arrivedAt: 0 }),
    { queue: new StandardQueue(), workers, capacity: 0 },
    options,
  );

/** A proof that takes so long whether its environment is new or not. */
const same = (seconds: number, coldStart = 0) => ({ coldStart, cold: seconds, warm: seconds });

describe('arrivals', () => {
  test.each([steady(2), burst(2), diurnal(2)])(
    'of profile $name have the mean and the peak that they tell',
    (profile) => {
      const counts = new Map<number, number>();
      let total = 0;
      for (const at of arrivals(profile, seeded(1), 2 * profile.period)) {
        total++;
        const slot = Math.floor((at % profile.period) / (profile.period / 96));
        counts.set(slot, (counts.get(slot) ?? 0) + 1);
      }
      expect(total / (2 * profile.period)).toBeCloseTo(profile.mean, 0);
      const perSlot = Math.max(...counts.values()) / (2 * (profile.period / 96));
      expect(perSlot / profile.peak).toBeGreaterThan(0.9);
      expect(perSlot / profile.peak).toBeLessThan(1.5);
    },
  );
});

describe('the agenda', () => {
  test('gives what was added soonest first', () => {
    const random = seeded(3);
    const agenda = new Agenda<number>();
    const times = Array.from({ length: 500 }, () => random());
    const given: number[] = [];
    for (const [index, at] of times.entries()) {
      agenda.add(at, at);
      if (index % 3 === 2) {
        expect(agenda.nextAt).toBeLessThanOrEqual(at);
        given.push(agenda.next());
      }
    }
    while (agenda.nextAt < Number.POSITIVE_INFINITY) given.push(agenda.next());
    expect(given.toSorted()).toEqual(times.toSorted());
    expect(given.slice(-times.length / 2)).toEqual(given.slice(-times.length / 2).toSorted());
  });
});

describe('a lane', () => {
  /** Erlang's C formula: how long an M/M/c queue has a message wait on average. */
  function erlangWait(perSecond: number, seconds: number, servers: number): number {
    const offered = perSecond * seconds;
    let [term, sum] = [1, 1];
    for (let n = 1; n < servers; n++) {
      term *= offered / n;
      sum += term;
    }
    const allBusy = ((term * offered) / servers) * (servers / (servers - offered));
    return (allBusy / (sum + allBusy)) * (seconds / (servers - offered));
  }

  test.each([
    { servers: 1, load: 0.7 },
    { servers: 5, load: 0.8 },
    { servers: 20, load: 0.9 },
  ])('of $servers workers at a load of $load has its jobs wait as Erlang C says', ({ servers, load }) => {
    const random = seeded(11);
    const seconds = 2;
    const perSecond = (load * servers) / seconds;
    const workers = new FixedPool(servers, () => exponential(random, seconds));
    const { waits } = run({ workers, profile: steady(perSecond), until: 400_000 / perSecond }, { settledAt: 1000 });
    expect(waits.mean / erlangWait(perSecond, seconds, servers)).toBeCloseTo(1, 1);
  });

  test("keeps Little's law: as many jobs as arrive in the time that one spends", () => {
    const random = seeded(5);
    const until = 20 * HOUR;
    const workers = new LambdaWorkers(20, () => same(exponential(random, 3), 1));
    let jobSeconds = 0;
    let last: Sight = { now: 0, waiting: 0, busy: 0 };
    const onEvent = (sight: Sight) => {
      jobSeconds += (sight.now - last.now) * (last.waiting + last.busy);
      last = sight;
    };
    const { sojourns, proved, endedAt } = run({ workers, profile: burst(2), until }, { onEvent });
    expect(jobSeconds / endedAt / ((proved / endedAt) * sojourns.mean)).toBeCloseTo(1, 6);
  });

  test('never has more at work than its cap, the event source, and the account allow', () => {
    for (const [cap, accountConcurrency, most] of [
      [20, 1000, 20],
      [1000, 50, 50],
      [2000, 10_000, DOCUMENTED_SCALING.atMost],
    ] as const) {
      const workers = new LambdaWorkers(cap, () => same(60), { ...DOCUMENTED_SCALING, accountConcurrency });
      expect(flood(30_000, workers).mostBusy).toBe(most);
    }
  });

  test('loses nothing: each job is refused or proved, and refused only beyond capacity and workers', () => {
    const workers = new LambdaWorkers(20, () => same(3, 1));
    const full = 190 + 20;
    const { admitted, refused, proved, mostOpen } = run({ workers, profile: burst(10), until: HOUR, capacity: 190 });
    const arrived = [...arrivals(burst(10), seeded(7), HOUR)].length;
    expect({ all: admitted + refused, proved, mostOpen }).toEqual({ all: arrived, proved: admitted, mostOpen: full });
    expect(refused).toBeGreaterThan(0);
    const roomier = new LambdaWorkers(20, () => same(3, 1));
    expect(run({ workers: roomier, profile: burst(10), until: HOUR })).toMatchObject({ refused: 0, proved: arrived });
  });

  test('comes to the same for the same seed, and to something else for another', () => {
    const outcome = (seed: number) => {
      const workers = new LambdaWorkers(20, () => same(2, 1));
      return run({ workers, profile: diurnal(5), until: 4 * HOUR, seed });
    };
    expect(outcome(1)).toEqual(outcome(1));
    expect(outcome(1)).not.toEqual(outcome(2));
  });
});

/** How many work at the end of each second, while there is always more to do. */
function busyBySecond(workers: Workers, seconds: number): number[] {
  const bySecond: number[] = [];
  flood(10_000, workers, {
    onEvent: ({ now, busy }) => {
      if (now <= seconds) bySecond[Math.ceil(now - ROUNDING)] = busy;
    },
  });
  return bySecond;
}

describe('the event source', () => {
  const wide = { ...DOCUMENTED_SCALING, accountConcurrency: 10_000 };

  test('begins with five, and adds 300 a minute up to 1,250', () => {
    const bySecond = busyBySecond(new LambdaWorkers(5000, () => same(600), { ...wide, keptWarmSeconds: 1e6 }), 300);
    expect(bySecond[0]).toBe(5);
    expect(bySecond[60]).toBe(305);
    expect(bySecond[180]).toBe(905);
    expect(bySecond.at(-1)).toBe(1250);
  });

  test('goes back to five where nothing waits, and begins anew', () => {
    const workers = new LambdaWorkers(1000, () => same(1), wide);
    const floods = [0, 2 * HOUR].flatMap((arrivedAt) => every(20_000, { tenant: 'any', arrivedAt }));
    const began: number[] = [];
    simulate(
      floods,
      { queue: new StandardQueue(), workers, capacity: 0 },
      { onEvent: ({ now, busy }) => void (now === 2 * HOUR && began.push(busy)) },
    );
    expect(began.at(-1)).toBe(5);
  });
});

describe('the environments', () => {
  const unbound = { ...DOCUMENTED_SCALING, atStart: 5000, atMost: 5000, accountConcurrency: 5000 };

  test('are 1,000 at first, and 1,000 more in ten seconds', () => {
    const workers = new LambdaWorkers(5000, () => same(600, 1), unbound);
    const bySecond = busyBySecond(workers, 30);
    expect([bySecond[0], bySecond[10], bySecond[30]]).toEqual([1000, 2000, 4000]);
  });

  test('are new where none is idle or all have been for too long, and only then', () => {
    const workers = () => new LambdaWorkers(20, () => same(1, 1));
    const at = (...times: number[]) => times.map((arrivedAt) => ({ tenant: 'any', arrivedAt }));
    const colds = (messages: Message[]) =>
      simulate(messages, { queue: new StandardQueue(), workers: workers(), capacity: 0 }).cold;
    expect(colds(at(0, 10, 20))).toBe(1);
    expect(colds(at(0, 0, 0, 10))).toBe(3);
    expect(colds(at(0, DOCUMENTED_SCALING.keptWarmSeconds + 10))).toBe(2);
  });
});
