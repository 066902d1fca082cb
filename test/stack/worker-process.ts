/** What a worker runs: it works at a lane as the function behind its queue does, until it is killed. */
import { z } from 'zod';
import { PROVING_LANE_NAMES } from '../../core/lanes.ts';
import { handler } from '../../functions/prove/index.ts';
import { deliver, NoMessageError } from './deliver.ts';

const lane = z.enum(PROVING_LANE_NAMES).parse(process.argv[2]);
for (;;) {
  const delivery = await deliver(lane, handler).catch((error) => {
    if (error instanceof NoMessageError) return undefined;
    throw error;
  });
  if (delivery) console.log(delivery.became);
}
