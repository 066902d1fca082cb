/** Random requests to each endpoint, several at a time. */
import pLimit from 'p-limit';
import type { Observer } from './campaign.ts';
import { ENDPOINTS, randomRequest } from './random-bytes.ts';
import { send } from './target.ts';

const REQUESTS_AT_ONCE = 8;

/**
 * Sends so many to each endpoint of the handlers, on the AWS resources that the environment names.
 *
 * @returns how many requests came to what, by `endpoint: outcome`.
 */
export async function sendRandomBytes(
  count: number,
  seed: number,
  { sent, violated }: Observer,
): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  let requests = 0;
  for (const endpoint of ENDPOINTS) {
    const numbers = Array.from({ length: count }, (_, number) => number);
    await pLimit(REQUESTS_AT_ONCE).map(numbers, async (number) => {
      const request = randomRequest(endpoint, number, seed);
      const { outcome, violation } = await send(request);
      const cameTo = `${endpoint}: ${outcome}`;
      outcomes.set(cameTo, (outcomes.get(cameTo) ?? 0) + 1);
      if (violation) await violated(request, violation, number);
      sent(++requests);
    });
  }
  return outcomes;
}
