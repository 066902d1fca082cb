/** A job's witness in the bucket: always sealed, and opened only where it is computed on. */
import { webcrypto } from 'node:crypto';
import { type CryptoKey, DecapError, DeserializeError, type KeyPair, OpenError } from 'hpke';
import { NightshiftError } from '../errors.ts';
import type { Job } from '../jobs/job.ts';
import { additionalData } from './additional-data.ts';
import { privateKeyOf } from './key-pairs.ts';
import { seal } from './seal.ts';
import { readSealed, type SealedWitness, sealedBytes } from './sealed-witness.ts';
import { currentSealingKey, openingKey } from './sealing-keys.ts';
import { INFO, suite } from './suite.ts';

/** Tagged bytes, or what a client has sealed. */
export type Witness = Uint8Array | SealedWitness;

/** The witness as it is stored. */
export async function sealedFor(job: Job, witness: Witness): Promise<Uint8Array> {
  const sealed = witness instanceof Uint8Array ? await seal(await currentSealingKey(), witness, job) : witness;
  return sealedBytes(sealed);
}

/**
 * @param stored what `sealedFor` made.
 * @returns tagged bytes; what a client has sealed, nobody has read before.
 * @throws NightshiftError INVALID_REQUEST if it was not sealed for this job, or was changed; SEALING_KEY_NOT_FOUND.
 */
export async function openedFor(job: Job, stored: Uint8Array): Promise<Uint8Array> {
  const sealed = readSealed(stored);
  if (!sealed) throw doesNotOpen();
  const keyPair = await openingKeyPair(sealed.keyId);
  try {
    return await suite.Open(keyPair, sealed.encapsulatedKey, sealed.ciphertext, {
      info: INFO,
      aad: additionalData(job),
    });
  } catch (error) {
    if (REFUSALS.some((refusal) => error instanceof refusal)) throw doesNotOpen();
    throw error;
  }
}

/** What HPKE says of a key or a ciphertext that is not right. */
const REFUSALS = [OpenError, DecapError, DeserializeError];

const doesNotOpen = (): NightshiftError =>
  new NightshiftError(
    'INVALID_REQUEST',
    'The sealed witness does not open: it was sealed for another job, tenant, circuit or binding input, or changed on its way. Seal it again.',
  );

/** Unwrapped once in an environment, and never written anywhere. */
const keyPairs = new Map<string, Promise<KeyPair<CryptoKey>>>();

async function openingKeyPair(id: string): Promise<KeyPair<CryptoKey>> {
  const known = keyPairs.get(id);
  if (known) return known;
  const unwrapped = unwrap(id);
  keyPairs.set(id, unwrapped);
  // KMS may be in better shape the next time.
  unwrapped.catch(() => keyPairs.delete(id));
  return unwrapped;
}

async function unwrap(id: string): Promise<KeyPair<CryptoKey>> {
  const { publicKey, privateKey } = await openingKey(id);
  const pkcs8 = await privateKeyOf(id, privateKey);
  const { subtle } = webcrypto;
  const imported = await subtle.importKey('pkcs8', pkcs8, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  pkcs8.fill(0);
  return { publicKey: await suite.DeserializePublicKey(publicKey), privateKey: imported };
}
