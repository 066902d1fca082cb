/** Parameter Store, in what it does for sealing keys where no KMS key wraps them: it keeps the private half of each. */
import { webcrypto } from 'node:crypto';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { sealingKeysPath } from '../config.ts';
import { CLIENT } from './aws-client.ts';

const ssm = new SSMClient(CLIENT);

const nameOf = (sealingKey: string): string => `${sealingKeysPath()}/${sealingKey}`;

/**
 * A key pair whose private half is in memory for a moment, and then there alone.
 *
 * @param until when it is forgotten.
 * @returns the public half: SubjectPublicKeyInfo, DER.
 */
export async function generateKeptKeyPair(sealingKey: string, until: Date): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = webcrypto;
  const { publicKey, privateKey } = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, [
    'deriveBits',
  ]);
  const pkcs8 = Buffer.from(await subtle.exportKey('pkcs8', privateKey));
  await ssm.send(
    new PutParameterCommand({
      Name: nameOf(sealingKey),
      Type: 'SecureString',
      Value: pkcs8.toString('base64'),
      // Only these end by themselves.
      Tier: 'Advanced',
      Policies: JSON.stringify([
        { Type: 'Expiration', Version: '1.0', Attributes: { Timestamp: until.toISOString() } },
      ]),
    }),
  );
  pkcs8.fill(0);
  return new Uint8Array(await subtle.exportKey('spki', publicKey));
}

/** @returns the private key, PKCS #8, DER. */
export async function readPrivateKey(sealingKey: string): Promise<Uint8Array> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: nameOf(sealingKey), WithDecryption: true }));
  if (!Parameter?.Value) throw new Error('Parameter Store has an empty private key');
  return Buffer.from(Parameter.Value, 'base64');
}
