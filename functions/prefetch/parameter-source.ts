import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { NightshiftError } from '../../core/errors.ts';

/** Where Midnight publishes its parameters; the same variable and default as the reference server's. */
const source = (): string => z.url().default('https://srs.midnight.network/').parse(process.env.MIDNIGHT_PARAM_SOURCE);

/**
 * Downloads the public parameters for size k.
 *
 * @throws NightshiftError PARAMS_UNAVAILABLE if the source does not give them.
 */
export async function downloadParams(k: number, path: string): Promise<void> {
  const url = new URL(`bls_midnight_2p${k}`, source());
  try {
    const response = await fetch(url);
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
  } catch (cause) {
    throw new NightshiftError('PARAMS_UNAVAILABLE', `No parameters for k=${k} from ${url.origin}.`, { cause });
  }
}
