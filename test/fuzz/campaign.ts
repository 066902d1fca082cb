/** Many damaged requests, several at a time, and what came of them. */
import fc from 'fast-check';
import { startWorkers } from './lane-workers.ts';
import { type Memory, measureMemory, proversStarted } from './memory.ts';
import { type HttpRequest, type Recipe, recipesFor, requestOf } from './requests.ts';
import { makeSeeds } from './seeds.ts';
import { send } from './target.ts';

const REQUESTS_AT_ONCE = 8;
/** Caches, compiled code and pools fill up first: growth counts from there on. */
const WARM_UP_SHARE = 0.2;
/** Megabytes that a process may grow by after that. */
const MOST_GROWTH = 64;

export interface Campaign {
  /** How many requests came to what, by `endpoint: outcome`. */
  outcomes: Map<string, number>;
  violations: number;
  proverRestarts: number;
  warm: Memory;
  end: Memory;
}

export interface Observer {
  /** Told after each request. */
  sent(count: number): void;
  /** Told of what must not have happened. */
  violated(request: HttpRequest, violation: string, number: number): Promise<void>;
}

/**
 * Sends damaged requests to the handlers, on the AWS resources that the environment names, and works at the jobs that they
 * become. Recipe number n of a seed is the same in every run.
 */
export async function runCampaign(bodies: number, seed: number, observer: Observer): Promise<Campaign> {
  const seeds = await makeSeeds();
  const recipes = recipesFor(seeds);
  const outcomes: Campaign['outcomes'] = new Map();
  let violations = 0;
  let begun = 0;
  let sent = 0;

  async function sendUntil(end: number): Promise<void> {
    while (begun < end) {
      const number = begun++;
      const [recipe] = fc.sample(recipes, { seed: seed + number, numRuns: 1 }) as [Recipe];
      const request = requestOf(recipe, seeds);
      const { outcome, violation } = await send(request);
      const cameTo = `${endpointOf(request)}: ${outcome}`;
      outcomes.set(cameTo, (outcomes.get(cameTo) ?? 0) + 1);
      if (violation) {
        violations++;
        await observer.violated(request, violation, number);
      }
      observer.sent(++sent);
    }
  }
  const sendAll = (end: number) => Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, () => sendUntil(end)));

  const stopWorkers = startWorkers();
  try {
    await sendAll(Math.floor(bodies * WARM_UP_SHARE));
    const warm = await measureMemory();
    await sendAll(bodies);
    return { outcomes, violations, proverRestarts: proversStarted() - 1, warm, end: await measureMemory() };
  } finally {
    await stopWorkers();
  }
}

/** What a campaign has shown to be wrong, in words. */
export function faultsOf({ violations, proverRestarts, warm, end }: Campaign): string[] {
  const grown = (['prover', 'handlers'] as const).filter((part) => end[part] - warm[part] > MOST_GROWTH);
  return [
    ...(violations > 0 ? [`${violations} requests came to what they must not come to`] : []),
    ...(proverRestarts > 0 ? [`the prover died ${proverRestarts} times`] : []),
    ...grown.map((part) => `the ${part} grew from ${warm[part]} to ${end[part]} MB`),
  ];
}

const endpointOf = ({ method, path }: HttpRequest): string =>
  method === 'POST' ? `POST ${path}` : `GET ${path.slice(0, path.indexOf('/', '/v1/'.length))}/…`;
