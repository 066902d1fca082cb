/** Keys that are being derived, for sweep. */
import { z } from 'zod';
import { indexedUnder } from '../store/table.ts';
import { BUILDING } from './build.ts';
import { type Keys, readKeys } from './keys.ts';

const indexed = z.object({ id: z.string() });

/** The oldest first, each as its row stands when it is yielded. */
export async function* openKeys(): AsyncGenerator<Extract<Keys, { state: 'building' }>> {
  for await (const row of indexedUnder(BUILDING)) {
    // The index lags behind the table.
    const keys = await readKeys(indexed.parse(row).id);
    if (keys?.state === 'building') yield keys;
  }
}
