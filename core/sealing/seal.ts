/** Sealing a witness, which takes no secret: clients do it, and submit does it for those that don't. */
import { additionalData, type Binding } from './additional-data.ts';
import type { SealedWitness } from './sealed-witness.ts';
import { INFO, suite } from './suite.ts';

export interface PublicSealingKey {
  id: string;
  /** Uncompressed point. */
  publicKey: Uint8Array;
}

/** @param witness tagged bytes. */
export async function seal(
  { id: keyId, publicKey }: PublicSealingKey,
  witness: Uint8Array,
  binding: Binding,
): Promise<SealedWitness> {
  const { encapsulatedSecret, ciphertext } = await suite.Seal(await suite.DeserializePublicKey(publicKey), witness, {
    info: INFO,
    aad: additionalData(binding),
  });
  return { keyId, encapsulatedKey: encapsulatedSecret, ciphertext };
}
