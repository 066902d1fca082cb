/** Names for secret content: equal content, equal name, and nothing to be learned from it without the deployment's key. */
import { createHmac, randomBytes } from 'node:crypto';
import { getObject, objectOf, putObjectOnce } from '../store/objects.ts';

const KEY_BYTES = 32;

let key: Promise<Uint8Array> | undefined;

/** HMAC-SHA-256 over the parts, their lengths included. */
export async function keyedDigest(...parts: (string | Uint8Array)[]): Promise<Buffer> {
  key ??= deploymentKey().catch((error) => {
    key = undefined;
    throw error;
  });
  const hmac = createHmac('sha256', await key);
  for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:`).update(part);
  return hmac.digest();
}

/** Made by whoever needs it first. */
async function deploymentKey(): Promise<Uint8Array> {
  const made = await getObject(objectOf.digestKey);
  if (made) return made;
  const drawn = randomBytes(KEY_BYTES);
  if (await putObjectOnce(objectOf.digestKey, drawn)) return drawn;
  return deploymentKey();
}
