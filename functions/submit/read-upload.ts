import { buffer } from 'node:stream/consumers';
import { NightshiftError } from '../../core/errors.ts';
import { MAX_ZKIR_BYTES } from '../../core/limits.ts';
import { objectOf, openObject } from '../../core/store/objects.ts';

/** ZKIR that was uploaded. @throws NightshiftError INVALID_REQUEST if it was not; CIRCUIT_TOO_LARGE, without reading it. */
export async function readUploadedZkir(sha256: string): Promise<Uint8Array> {
  const upload = await openObject(objectOf.upload(sha256));
  if (!upload) throw new NightshiftError('INVALID_REQUEST', `there is no upload ${sha256}. Upload it first.`);
  const { body, bytes } = upload;
  if (bytes <= MAX_ZKIR_BYTES) return buffer(body);
  body.destroy();
  throw new NightshiftError(
    'CIRCUIT_TOO_LARGE',
    `its ZKIR has ${bytes} bytes; up to ${MAX_ZKIR_BYTES} are read. Split the circuit.`,
  );
}
