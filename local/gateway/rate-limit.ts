/** The stage throttle that the emulated API lacks, per client address. */
import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type Refusal, tooMany } from './refusal.ts';

export type RateLimit = (incoming: IncomingMessage) => Promise<Refusal | undefined>;

export function rateLimitOf(requestsPerSecond: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: requestsPerSecond, duration: 1 });
  return async ({ socket }) => {
    try {
      await limiter.consume(socket.remoteAddress ?? '');
      return undefined;
    } catch (exceeded) {
      if (!(exceeded instanceof RateLimiterRes)) throw exceeded;
      return tooMany(Math.ceil(exceeded.msBeforeNext / 1000));
    }
  };
}
