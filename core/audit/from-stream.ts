/** The audit log's records, as they follow from what happens to rows: nothing can happen without leaving one. */
import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { ZodError } from 'zod';
import { hasEnded, JOB_STATES } from '../jobs/state.ts';
import { keyOf } from '../store/row-keys.ts';
import { type AuditRecord, apiKeyRecord, jobRecord, refusalRecord, tenantRecord, unreadableRecord } from './record.ts';

const SK = {
  job: keyOf.job('').SK,
  apiKey: keyOf.apiKey('').SK,
  tenant: keyOf.tenant('').SK,
  /** They go on with an id. */
  refusals: keyOf.refusal(undefined, '').SK,
};

const strings = (...values: string[]) => ({ S: values });

/** Which of the table's changes are of interest, as Lambda filters them. */
export const STREAM_FILTERS: Record<string, unknown>[] = [
  {
    eventName: ['MODIFY'],
    dynamodb: {
      Keys: { SK: strings(SK.job) },
      OldImage: { state: strings(...JOB_STATES.filter((state) => !hasEnded({ state }))) },
      NewImage: { state: strings(...JOB_STATES.filter((state) => hasEnded({ state }))) },
    },
  },
  { eventName: ['INSERT'], dynamodb: { Keys: { SK: { S: [{ prefix: SK.refusals }] } } } },
  { dynamodb: { Keys: { SK: strings(SK.apiKey, SK.tenant) } } },
];

type Image = Record<string, unknown>;
const CHANGES = { INSERT: 'made', MODIFY: 'changed', REMOVE: 'removed' } as const;

/** When it happened, to the second. */
export const timeOf = (record?: DynamoDBRecord): Date =>
  new Date((record?.dynamodb?.ApproximateCreationDateTime ?? 0) * 1000);

/** @returns none where nothing but a key's last use has changed. */
export function auditRecordsOf(record: DynamoDBRecord): AuditRecord[] {
  const { eventName = 'MODIFY', dynamodb: { Keys, OldImage, NewImage } = {} } = record;
  const row = plain(Keys);
  const at = timeOf(record).toISOString();
  try {
    return recordsOf(`${row.SK}`, plain(OldImage), plain(NewImage), { at, change: CHANGES[eventName] });
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return [unreadableRecord.parse({ event: 'unreadable', at, row })];
  }
}

function recordsOf(sortKey: string, before: Image, after: Image, when: { at: string; change: string }): AuditRecord[] {
  if (sortKey === SK.job) return [jobEnded(after)];
  if (sortKey.startsWith(SK.refusals)) return [refusalRecord.parse({ event: 'refusal', ...after })];
  const latest = when.change === 'removed' ? before : after;
  if (sortKey === SK.tenant) {
    return [tenantRecord.parse({ ...latest, ...when, event: 'tenant', tenant: latest.id })];
  }
  const told = ({ id, ...key }: Image) => apiKeyRecord.parse({ ...key, ...when, event: 'apiKey', apiKey: id });
  if (when.change === 'changed' && isDeepStrictEqual(told(before), told(after))) return [];
  return [told(latest)];
}

function jobEnded({ id, error, endedAt, circuits, ...job }: Image): AuditRecord {
  const code = (error as { code?: string } | undefined)?.code;
  const names = circuits && Object.keys(circuits).toSorted();
  return jobRecord.parse({ ...job, event: 'job', at: endedAt, job: id, code, circuits: names });
}

const plain = (image: StreamRecord['Keys']): Image => unmarshall((image ?? {}) as Record<string, AttributeValue>);
