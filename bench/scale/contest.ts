/** Nightshift and a fixed pool of reference servers under the same load. */
import { arrivals, type Profile } from './arrivals.ts';
import { IDLE_USD, usdPerProof } from './costs.ts';
import { DOCUMENTED_SCALING, LambdaWorkers } from './lambda-workers.ts';
import { poolUsd, type Sizing, workersFor } from './pool.ts';
import { type Message, StandardQueue } from './queue.ts';
import { seeded } from './random.ts';
import { type Options, type Outcome, simulate } from './simulate.ts';
import type { Size } from './sizes.ts';
import { FixedPool } from './workers.ts';

const SEED = 7;

/** Left out of the figures: the event source's first ramp, which takes four minutes to its most. */
const SETTLED_SECONDS = 600;
/** At least so many jobs make a figure. */
const JOBS = 20_000;
/** Steady loads have no period to be seen whole. */
const STEADY_SECONDS = 600;

export interface Caps {
  name: 'as shipped' | 'as wide as AWS allows';
  maxConcurrencyOf: (size: Size) => number;
  capacityOf: (size: Size) => number;
}

export const SHIPPED: Caps = {
  name: 'as shipped',
  maxConcurrencyOf: ({ lane }) => lane.maxConcurrency,
  capacityOf: ({ lane }) => lane.capacity,
};

/** An event source's maximum concurrency is at most 1,000. */
const WIDEST = 1000;

/** Capacity stays in the proportion that it has to the workers. */
export const WIDE: Caps = {
  name: 'as wide as AWS allows',
  maxConcurrencyOf: () => WIDEST,
  capacityOf: ({ lane }) => (lane.capacity * WIDEST) / lane.maxConcurrency,
};

/** An account whose quota was raised: whoever waits for a proof takes a Lambda, too. */
const SCALING = { ...DOCUMENTED_SCALING, accountConcurrency: 10_000 };

/** How long a load is simulated: whole periods. */
function secondsOf({ name, mean, period }: Profile): number {
  const unit = name === 'steady' ? STEADY_SECONDS : period;
  return SETTLED_SECONDS + unit * Math.ceil(JOBS / mean / unit);
}

function* messages(profile: Profile): Generator<Message> {
  for (const arrivedAt of arrivals(profile, seeded(SEED), secondsOf(profile))) yield { tenant: 'any', arrivedAt };
}

const settled = (options?: Options): Options => ({ settledAt: SETTLED_SECONDS, ...options });

export interface Result {
  outcome: Outcome;
  /** Of 1,000 proofs. */
  usd: number;
  workers: number;
}

export function nightshift(size: Size, profile: Profile, caps: Caps, options?: Options): Result {
  const workers = new LambdaWorkers(caps.maxConcurrencyOf(size), () => size.onLambda, SCALING);
  const lane = { queue: new StandardQueue(), workers, capacity: caps.capacityOf(size) };
  const outcome = simulate(messages(profile), lane, settled(options));
  const { proving, around } = usdPerProof(outcome, size);
  const idle = (IDLE_USD * (secondsOf(profile) - SETTLED_SECONDS)) / outcome.proved;
  return { outcome, usd: 1000 * (proving + around + idle), workers: outcome.mostBusy };
}

/** All servers take from one queue, which nobody is refused at. */
export function pool(size: Size, profile: Profile, sizing: Sizing, options?: Options): Result {
  const workers = workersFor(profile, size, sizing);
  const lane = { queue: new StandardQueue(), workers: new FixedPool(workers, () => size.onServer), capacity: 0 };
  const outcome = simulate(messages(profile), lane, settled(options));
  const seconds = secondsOf(profile) - SETTLED_SECONDS;
  return { outcome, usd: (1000 * poolUsd(workers, size) * seconds) / outcome.admitted, workers };
}
