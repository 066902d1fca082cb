import { basename } from 'node:path/posix';
import { z } from 'zod';
import { paramsBytes, paramsFor } from '../../core/circuits/params.ts';
import { NightshiftError } from '../../core/errors.ts';
import { uploadStream } from '../../core/store/objects.ts';
import { download } from './download.ts';

/** Where Midnight publishes its parameters; the same variable and default as the reference server's. */
const configured = z.url().default('https://srs.midnight.network/');

function source(): string {
  const url = configured.parse(process.env.MIDNIGHT_PARAM_SOURCE);
  const { username, password } = new URL(url);
  if (!username && !password) return url;
  throw new NightshiftError('PARAMS_UNAVAILABLE', 'MIDNIGHT_PARAM_SOURCE names a user: only public sources are read.');
}

/**
 * Downloads Midnight's parameters for size k into S3.
 *
 * @throws NightshiftError PARAMS_UNAVAILABLE if the source does not give them.
 */
export async function downloadParams(k: number, signal: AbortSignal): Promise<void> {
  const { sha256, object } = paramsFor(k);
  const url = new URL(basename(object), source());
  const file = download(url, { sha256, bytes: paramsBytes(k) }, signal);
  try {
    await uploadStream(object, file);
  } catch (cause) {
    if (!(cause instanceof Error) || cause !== file.errored) throw cause;
    throw new NightshiftError(
      'PARAMS_UNAVAILABLE',
      `The public parameters for k=${k} could not be had from ${url.origin}: ${cause.message}. ` +
        `Ask again once MIDNIGHT_PARAM_SOURCE can be reached, or put the file into the bucket as ${object}.`,
      { cause },
    );
  } finally {
    // Whatever ended it: nothing more is fetched.
    file.destroy();
  }
}
