/** Bodies that come packed. */
import { gunzipSync } from 'node:zlib';
import { NightshiftError } from '../errors.ts';
import { MAX_UNPACKED_BYTES } from '../limits.ts';

/**
 * @param encoding the request's Content-Encoding
 * @throws NightshiftError INVALID_REQUEST, PAYLOAD_TOO_LARGE if the body is packed and can't be unpacked.
 */
export function unpacked(body: Buffer, encoding = 'identity'): Buffer {
  switch (encoding.toLowerCase()) {
    case 'identity':
      return body;
    case 'gzip':
      return unzipped(body);
    default:
      throw new NightshiftError(
        'INVALID_REQUEST',
        `Content-Encoding ${encoding.toLowerCase()} is not understood. Send gzip, or none.`,
      );
  }
}

function unzipped(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') {
      throw new NightshiftError('INVALID_REQUEST', 'The body is not the gzip that its Content-Encoding says it is.');
    }
    const most = `${MAX_UNPACKED_BYTES / 2 ** 20} MB`;
    throw new NightshiftError('PAYLOAD_TOO_LARGE', `The body unpacks to more than ${most}. Register the contract.`);
  }
}
