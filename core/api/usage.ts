/** What a caller has used of its limits. */
import * as z from 'zod';

const limit = z.int().min(0).meta({ description: '0: any number' });

const counted = z.object({ used: z.int().min(0), limit });

/** Jobs of a day or a minute are only counted where a limit needs it. */
const rate = z.object({
  used: z.int().min(0).optional().meta({ description: 'Submitted so far; missing where there is no limit' }),
  limit,
  endsAt: z.iso.datetime().meta({ description: 'When it is counted anew' }),
});

export const usageView = z
  .object({
    tenant: z.object({
      id: z.string(),
      inFlight: counted.meta({ description: 'Jobs that have not ended' }),
      perDay: rate.meta({ description: 'Jobs since midnight UTC' }),
      circuits: counted.meta({ description: 'Circuits that it has registered' }),
    }),
    apiKey: z
      .object({
        id: z.uuid(),
        perMinute: rate.meta({ description: 'Jobs since the minute began' }),
        perDay: rate.meta({ description: 'Jobs since midnight UTC' }),
      })
      .meta({ description: 'The key that asks' }),
  })
  .meta({ id: 'Usage' });
export type Usage = z.infer<typeof usageView>;
