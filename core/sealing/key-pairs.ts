/** Where the private halves of sealing keys are: wrapped by the stack's KMS key or, where there is none, in Parameter Store. */
import { hasStackKey } from '../config.ts';
import { generateWrappedKeyPair, unwrapPrivateKey, type WrappedKeyPair } from '../store/kms.ts';
import { generateKeptKeyPair, readPrivateKey } from '../store/parameter-store.ts';

/** The private half only where it is wrapped. */
export type KeyPair = Pick<WrappedKeyPair, 'publicKey'> & Partial<WrappedKeyPair>;

/** @param until when its private half may be forgotten. */
export const makeKeyPair = async (id: string, until: Date): Promise<KeyPair> =>
  hasStackKey() ? generateWrappedKeyPair(id) : { publicKey: await generateKeptKeyPair(id, until) };

/** @param privateKey wrapped, if it is. @returns PKCS #8, DER. */
export const privateKeyOf = (id: string, privateKey?: Uint8Array): Promise<Uint8Array> =>
  privateKey ? unwrapPrivateKey(id, privateKey) : readPrivateKey(id);

/** Whether its private half is where this deployment keeps them: not if it was given a KMS key since, or has lost it. */
export const isWithinReach = ({ privateKey }: { privateKey?: Uint8Array }): boolean =>
  (privateKey !== undefined) === hasStackKey();
