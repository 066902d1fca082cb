/** A sealed witness, as it travels and as it lies in the bucket: version | sealing key's id | encapsulated key | ciphertext. */
import { parse as bytesOfUuid, stringify as uuidOf } from 'uuid';
import { suite } from './suite.ts';

export interface SealedWitness {
  /** UUID of the sealing key. */
  keyId: string;
  /** HPKE's `enc`: an uncompressed point of P-256. */
  encapsulatedKey: Uint8Array;
  /** The tag included. */
  ciphertext: Uint8Array;
}

const VERSION = 1;
const UUID_BYTES = 16;
const KEY_ID_AT = 1;
const ENCAPSULATED_KEY_AT = KEY_ID_AT + UUID_BYTES;
const CIPHERTEXT_AT = ENCAPSULATED_KEY_AT + suite.KEM.Nenc;
const SHORTEST = CIPHERTEXT_AT + suite.AEAD.Nt;

export function sealedBytes({ keyId, encapsulatedKey, ciphertext }: SealedWitness): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CIPHERTEXT_AT + ciphertext.length);
  bytes[0] = VERSION;
  bytes.set(bytesOfUuid(keyId), KEY_ID_AT);
  bytes.set(encapsulatedKey, ENCAPSULATED_KEY_AT);
  bytes.set(ciphertext, CIPHERTEXT_AT);
  return bytes;
}

/** @returns undefined if the bytes are not laid out like that. Whether they can be opened, only the sealing key tells. */
export function readSealed(bytes: Uint8Array): SealedWitness | undefined {
  if (bytes[0] !== VERSION || bytes.length < SHORTEST) return undefined;
  const keyId = keyIdIn(bytes.subarray(KEY_ID_AT, ENCAPSULATED_KEY_AT));
  if (keyId === undefined) return undefined;
  return {
    keyId,
    encapsulatedKey: bytes.subarray(ENCAPSULATED_KEY_AT, CIPHERTEXT_AT),
    ciphertext: bytes.subarray(CIPHERTEXT_AT),
  };
}

/** Not any 16 bytes are a UUID. */
function keyIdIn(bytes: Uint8Array): string | undefined {
  try {
    return uuidOf(bytes);
  } catch {
    return undefined;
  }
}
