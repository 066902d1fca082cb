/** Bounds the requests of one client address, as a deployment's web ACL does: the emulated API has none. */
import type { IncomingMessage } from 'node:http';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { NightshiftError } from '../../core/errors.ts';
import { tooManyRequests } from '../../core/http/gateway-refusals.ts';

export type RateLimit = (incoming: IncomingMessage) => Promise<NightshiftError | undefined>;

export function rateLimitOf(requestsPerSecond: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: requestsPerSecond, duration: 1 });
  return async ({ socket }) => {
    try {
      await limiter.consume(socket.remoteAddress ?? '');
      return undefined;
    } catch (exceeded) {
      if (!(exceeded instanceof RateLimiterRes)) throw exceeded;
      return tooManyRequests(Math.ceil(exceeded.msBeforeNext / 1000));
    }
  };
}
