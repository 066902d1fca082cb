/** Requests with an Idempotency-Key: however often one is made, it comes to one job (or batch). */
import { z } from 'zod';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { keyOf } from '../store/row-keys.ts';
import { expiresAt, rowAt, type Write } from '../store/table.ts';
import type { Job } from './job.ts';

/** Both in hex, by the deployment's digest key: the key may be guessed, and the body is a witness. */
export interface KeyedRequest {
  tenant: string;
  /** Of the key that the client chose. */
  key: string;
  /** Of everything that makes it this request. */
  digest: string;
}

const record = z.object({ id: z.uuid(), digest: z.string(), expiresAt: z.number() });

/** Comes into being with what the request makes. Its condition is that there is none that has not expired. */
export const idempotencyRecord = ({ tenant, key, digest }: KeyedRequest, id: string): Write => ({
  Put: {
    TableName: tableName(),
    Item: { ...keyOf.idempotency(tenant, key), id, digest, expiresAt: expiresAt() },
    ConditionExpression: 'attribute_not_exists(PK) OR expiresAt <= :now',
    ExpressionAttributeValues: { ':now': now() },
  },
});

/**
 * @returns the id of what the same request made before; undefined if it made nothing in 24 hours.
 * @throws NightshiftError CONFLICT if another request had the key.
 */
export async function madeBefore({ tenant, key, digest }: KeyedRequest): Promise<string | undefined> {
  const row = await rowAt(keyOf.idempotency(tenant, key));
  const found = row && record.parse(row);
  // Expired rows stay for a while.
  if (!found || found.expiresAt <= now()) return undefined;
  if (found.digest === digest) return found.id;
  throw new NightshiftError(
    'CONFLICT',
    'This Idempotency-Key, or this id, was sent with another request before. Choose a new one for each job.',
  );
}

/** Frees the key of a request that came to nothing. */
export const withoutRecord = ({ tenant, idempotencyKey }: Pick<Job, 'tenant' | 'idempotencyKey'>): Write[] =>
  idempotencyKey === undefined
    ? []
    : [{ Delete: { TableName: tableName(), Key: keyOf.idempotency(tenant, idempotencyKey) } }];

const now = (): number => Math.floor(currentTime().getTime() / 1000);
