/**
 * Requests that wait for their job, so that one that ended without its answer can be made again and come to the same job.
 *
 * A record lives from admission until the answer is given. It says until when the request may be waiting: identical
 * requests side by side have a job each, and only what nobody waits for any more is taken over.
 */
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import { keyOf } from '../store/row-keys.ts';
import { expiresAt, rowsUnder, table, updateIf, type Write } from '../store/table.ts';

/** A request in terms of what makes it the same request: `digest` is the keyed digest of its endpoint and body, in hex. */
export interface WaitingRequest {
  tenant: string;
  digest: string;
  /** When this request waits no longer, in epoch milliseconds. */
  endsAt: number;
}

const record = z.object({ jobId: z.uuid(), endsAt: z.number() });

/** The record that comes into being with the request's job. */
export const waitingRecord = ({ tenant, digest, endsAt }: WaitingRequest, jobId: string): Write => ({
  Put: {
    TableName: tableName(),
    Item: { ...keyOf.once(tenant, digest, jobId), jobId, endsAt, expiresAt: expiresAt() },
  },
});

/** @returns the id of a job whose request ended without its answer, which this request now waits for; or undefined. */
export async function attach(request: WaitingRequest, now = currentTime().getTime()): Promise<string | undefined> {
  for await (const row of rowsUnder(keyOf.once(request.tenant, request.digest, ''))) {
    const { jobId, endsAt } = record.parse(row);
    if (endsAt < now && (await moveEnd(request, jobId, endsAt, request.endsAt))) return jobId;
  }
  return undefined;
}

/** The request ends without its answer: the next one may attach at once. */
export const giveUp = async (request: WaitingRequest, jobId: string): Promise<void> => {
  await moveEnd(request, jobId, request.endsAt, 0);
};

/** The answer is on its way: the same request is a new one from now on. */
export async function forget({ tenant, digest }: WaitingRequest, jobId: string): Promise<void> {
  await table.send(new DeleteCommand({ TableName: tableName(), Key: keyOf.once(tenant, digest, jobId) }));
}

/** @returns whether the record was as the caller saw it; of several callers one succeeds. */
const moveEnd = ({ tenant, digest }: WaitingRequest, jobId: string, from: number, to: number): Promise<boolean> =>
  updateIf({
    TableName: tableName(),
    Key: keyOf.once(tenant, digest, jobId),
    UpdateExpression: 'SET endsAt = :to',
    ConditionExpression: 'endsAt = :from',
    ExpressionAttributeValues: { ':from': from, ':to': to },
  });
