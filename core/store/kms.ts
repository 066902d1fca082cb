/** The stack's KMS key, in what it does for sealing keys: it makes them, and wraps the private half of each. */
import { DecryptCommand, GenerateDataKeyPairWithoutPlaintextCommand, KMSClient } from '@aws-sdk/client-kms';
import { stackKeyArn } from '../config.ts';
import { CLIENT } from './aws-client.ts';

const kms = new KMSClient(CLIENT);

export const KEY_PAIR_SPEC = 'ECC_NIST_P256';

/** What the key policy knows private sealing keys by, as the encryption context's `purpose`. */
export const SEALING_PURPOSE = 'sealing-key';

/** The wrapped key of one id does not pass for another's. */
const contextOf = (sealingKey: string) => ({ purpose: SEALING_PURPOSE, sealingKey });

export interface WrappedKeyPair {
  /** SubjectPublicKeyInfo, DER. */
  publicKey: Uint8Array<ArrayBuffer>;
  /** PKCS #8, DER, wrapped. */
  privateKey: Uint8Array<ArrayBuffer>;
}

/** A key pair whose private half nobody has seen. */
export async function generateWrappedKeyPair(sealingKey: string): Promise<WrappedKeyPair> {
  const { PublicKey, PrivateKeyCiphertextBlob } = await kms.send(
    new GenerateDataKeyPairWithoutPlaintextCommand({
      KeyId: stackKeyArn(),
      KeyPairSpec: KEY_PAIR_SPEC,
      EncryptionContext: contextOf(sealingKey),
    }),
  );
  if (!PublicKey || !PrivateKeyCiphertextBlob) throw new Error('KMS made no key pair');
  return { publicKey: new Uint8Array(PublicKey), privateKey: new Uint8Array(PrivateKeyCiphertextBlob) };
}

/** @returns the private key, PKCS #8, DER. */
export async function unwrapPrivateKey(sealingKey: string, wrapped: Uint8Array): Promise<Uint8Array> {
  const { Plaintext } = await kms.send(
    new DecryptCommand({ KeyId: stackKeyArn(), CiphertextBlob: wrapped, EncryptionContext: contextOf(sealingKey) }),
  );
  if (!Plaintext) throw new Error('KMS unwrapped nothing');
  return Plaintext;
}
