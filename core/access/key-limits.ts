/** What an API key may be used for at most; 0: any number. */
import { z } from 'zod';

const most = z.int().min(0);

export const keyLimits = z.object({
  /** Jobs a minute. */
  perMinute: most,
  /** Jobs from midnight to midnight, UTC. */
  perDay: most,
});
export type KeyLimits = z.infer<typeof keyLimits>;

/** Of each kind of key, unless its operator says otherwise. A publishable one is in everybody's hands. */
export const DEFAULT_KEY_LIMITS = {
  secret: { perMinute: 0, perDay: 0 },
  publishable: { perMinute: 60, perDay: 0 },
} satisfies Record<string, KeyLimits>;
