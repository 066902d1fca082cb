/**
 * Bringing an artifact into S3 takes one function, and may take minutes. A row in the table says who is at it, so that
 * others wait instead of doing the same, and how the last try failed.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { ERROR_CODES, NightshiftError, publicError } from '../errors.ts';
import { BRINGING_SECONDS } from '../limits.ts';
import { renewing } from '../renewal.ts';
import { lastModified } from '../store/objects.ts';
import { keyOf } from '../store/row-keys.ts';
import { expiresAt, rowAt, updateIf } from '../store/table.ts';
import type { Artifact } from './artifact.ts';

/** What came of it: it was there already, or is now. */
export type Brought = 'present' | 'made';

const record = z.object({
  /** Which try this is. */
  attempt: z.uuid(),
  /** Until when whoever is at it is taken to be alive, in epoch milliseconds; 0 once it has ended. */
  aliveUntil: z.number(),
  failure: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).optional(),
});
export type Bringing = z.infer<typeof record>;

const POLL_MS = 500;

/**
 * Has the artifact in S3: brings it, or waits until someone else has.
 *
 * @param bring writes the object, whole or not at all.
 * @throws what `bring` throws; NightshiftError PARAMS_UNAVAILABLE if the signal aborts while someone else is at it.
 */
export async function bringOnce(artifact: Artifact, bring: () => Promise<void>, signal: AbortSignal): Promise<Brought> {
  while (!signal.aborted) {
    if (await lastModified(artifact.object)) return 'present';
    const attempt = randomUUID();
    if (await begin(artifact, attempt)) return await bringAs(attempt, artifact, bring);
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  throw new NightshiftError('PARAMS_UNAVAILABLE', `${artifact.object} is still on its way. Ask again.`);
}

/** The last try to bring the artifact, if there was one. */
export async function readBringing({ sha256 }: Artifact): Promise<Bringing | undefined> {
  const row = await rowAt(keyOf.artifact(sha256));
  return row && record.parse(row);
}

export const isUnderWay = ({ aliveUntil }: Bringing): boolean => aliveUntil > currentTime().getTime();

async function bringAs(attempt: string, artifact: Artifact, bring: () => Promise<void>): Promise<Brought> {
  try {
    // Whoever was at it may have ended between the look and the row.
    const present = await lastModified(artifact.object);
    if (!present) await renewing(BRINGING_SECONDS, () => extend(artifact, attempt), bring);
    await end(artifact, attempt);
    return present ? 'present' : 'made';
  } catch (error) {
    await end(artifact, attempt, publicError(error));
    throw error;
  }
}

const begin = (artifact: Artifact, attempt: string): Promise<boolean> =>
  write(artifact, {
    UpdateExpression: 'SET aliveUntil = :until, attempt = :attempt, expiresAt = :expiresAt REMOVE failure',
    ConditionExpression: 'attribute_not_exists(PK) OR aliveUntil < :now',
    ExpressionAttributeValues: {
      ':until': soon(),
      ':attempt': attempt,
      ':expiresAt': expiresAt(),
      ':now': currentTime().getTime(),
    },
  });

const extend = (artifact: Artifact, attempt: string): Promise<boolean> =>
  write(artifact, {
    UpdateExpression: 'SET aliveUntil = :until',
    ConditionExpression: 'attempt = :attempt AND aliveUntil > :over',
    ExpressionAttributeValues: { ':until': soon(), ':attempt': attempt, ':over': OVER },
  });

/** Best effort: without it the row tells the same a little later. */
const end = (artifact: Artifact, attempt: string, failure?: Bringing['failure']): Promise<unknown> =>
  write(artifact, {
    UpdateExpression: failure ? 'SET aliveUntil = :over, failure = :failure' : 'SET aliveUntil = :over',
    ConditionExpression: 'attempt = :attempt',
    ExpressionAttributeValues: { ':over': OVER, ':attempt': attempt, ...(failure && { ':failure': failure }) },
  }).catch(() => undefined);

const OVER = 0;
const soon = () => currentTime().getTime() + BRINGING_SECONDS * 1000;

/** @returns whether it happened: not if its condition did not hold. */
const write = ({ sha256 }: Artifact, update: Omit<UpdateCommandInput, 'TableName' | 'Key'>): Promise<boolean> =>
  updateIf({ TableName: tableName(), Key: keyOf.artifact(sha256), ...update });
