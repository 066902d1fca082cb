/**
 * The deployment's sealing keys. One is given out at a time, and whoever finds it too old makes the next; the former goes
 * on to open what was sealed with it for as long as such a job can live.
 */
import { randomUUID, webcrypto } from 'node:crypto';
import { z } from 'zod';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { SEALING_KEY_DAYS, SEALING_KEY_OPENS_HOURS, SEALING_KEY_OVERLAP_HOURS } from '../limits.ts';
import { keyOf } from '../store/row-keys.ts';
import { rowAt, transact } from '../store/table.ts';
import { isWithinReach, makeKeyPair } from './key-pairs.ts';

const sealingKeyRow = z.object({
  id: z.uuid(),
  /** Uncompressed point. */
  publicKey: z.instanceof(Uint8Array),
  /** Wrapped, where the stack has a KMS key. */
  privateKey: z.instanceof(Uint8Array).optional(),
  createdAt: z.iso.datetime(),
});
export type SealingKey = z.infer<typeof sealingKeyRow>;

const pointer = z.object({ id: z.uuid() });

const HOUR_MS = 3_600_000;
const hoursAfter = ({ createdAt }: Pick<SealingKey, 'createdAt'>, hours: number): Date =>
  new Date(Date.parse(createdAt) + hours * HOUR_MS);

/** Then another one is given out. */
const givenOutUntil = (key: SealingKey): Date => hoursAfter(key, SEALING_KEY_DAYS * 24);

/** Until then, what is sealed with it is taken. */
export const validUntil = (key: SealingKey): Date => hoursAfter(key, SEALING_KEY_DAYS * 24 + SEALING_KEY_OVERLAP_HOURS);

/** Until then it opens; then it is forgotten. */
const opensUntil = (key: Pick<SealingKey, 'createdAt'>): Date =>
  hoursAfter(key, SEALING_KEY_DAYS * 24 + SEALING_KEY_OVERLAP_HOURS + SEALING_KEY_OPENS_HOURS);

/** So long an environment does not look whether it still is the current one. */
const KNOWN_MS = 60_000;
let known: { key: SealingKey; until: number } | undefined;

/** The one to seal with. Made by whoever asks when there is none, or only one that is too old. */
export async function currentSealingKey(now = currentTime()): Promise<SealingKey> {
  if (known && now.getTime() < known.until) return known.key;
  const key = await readOrMake(now);
  known = { key, until: Math.min(now.getTime() + KNOWN_MS, givenOutUntil(key).getTime()) };
  return key;
}

async function readOrMake(now: Date): Promise<SealingKey> {
  const row = await rowAt(keyOf.currentSealingKey);
  const id = row && pointer.parse(row).id;
  const key = id && (await readSealingKey(id));
  if (key && now < givenOutUntil(key)) return key;
  // If it comes to nothing, someone else has been quicker.
  return (await makeSealingKey(id, now)) ?? readOrMake(now);
}

/** @param former that it takes the place of. @returns undefined if that one is not the current one any more. */
async function makeSealingKey(former: string | undefined, now: Date): Promise<SealingKey | undefined> {
  const id = randomUUID();
  const createdAt = now.toISOString();
  const until = opensUntil({ createdAt });
  const { publicKey, privateKey } = await makeKeyPair(id, until);
  const key = { id, publicKey: await pointOf(publicKey), privateKey, createdAt };
  const expiresAt = Math.ceil(until.getTime() / 1000);
  const { done } = await transact([
    { Put: { TableName: tableName(), Item: { ...keyOf.sealingKey(id), ...key, expiresAt } } },
    {
      Put: {
        TableName: tableName(),
        Item: { ...keyOf.currentSealingKey, id },
        ...(former === undefined
          ? { ConditionExpression: 'attribute_not_exists(PK)' }
          : { ConditionExpression: 'id = :former', ExpressionAttributeValues: { ':former': former } }),
      },
    },
  ]);
  return done ? key : undefined;
}

/** @param spki DER @returns the uncompressed point. */
async function pointOf(spki: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = webcrypto;
  const key = await subtle.importKey('spki', spki, { name: 'ECDH', namedCurve: 'P-256' }, true, []);
  return new Uint8Array(await subtle.exportKey('raw', key));
}

/** @throws NightshiftError SEALING_KEY_NOT_FOUND if nothing that is sealed with it is taken (any more). */
export async function expectValid(id: string, now = currentTime()): Promise<void> {
  const key = known?.key.id === id ? known.key : await readSealingKey(id);
  if (!key || validUntil(key) <= now) throw notFound(id);
}

/** The one to open with. @throws NightshiftError SEALING_KEY_NOT_FOUND if there is none (any more). */
export async function openingKey(id: string, now = currentTime()): Promise<SealingKey> {
  const key = await readSealingKey(id);
  if (!key || opensUntil(key) <= now) throw notFound(id);
  return key;
}

async function readSealingKey(id: string): Promise<SealingKey | undefined> {
  const row = await rowAt(keyOf.sealingKey(id));
  const key = row && sealingKeyRow.parse(row);
  return key && isWithinReach(key) ? key : undefined;
}

const notFound = (id: string): NightshiftError =>
  new NightshiftError(
    'SEALING_KEY_NOT_FOUND',
    `There is no sealing key ${id}, or it is too old. Ask /v1/sealing-key for the current one, and seal again.`,
  );
