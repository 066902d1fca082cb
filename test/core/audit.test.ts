/** What is recorded of what happens to rows. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord, StreamRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { auditRecordsOf, STREAM_FILTERS } from '../../core/audit/from-stream.ts';

const UUID = '7b0c5e3a-3c1f-4d6e-9a53-6f6f1f0f9f11';
const TIME = '2027-01-31T12:00:00.000Z';

type Row = { PK: string; SK: string } & Record<string, unknown>;

/** @param before undefined if it was made, @param after undefined if it was removed. */
function changeOf(before: Row | undefined, after: Row | undefined): DynamoDBRecord {
  const image = (row?: Row) => row && (marshall(row) as StreamRecord['NewImage']);
  const { PK, SK } = (after ?? before) as Row;
  return {
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    dynamodb: {
      Keys: image({ PK, SK }),
      OldImage: image(before),
      NewImage: image(after),
      ApproximateCreationDateTime: Date.parse(TIME) / 1000,
    },
  };
}

/** Everything that a job's row can have, and more. */
const job: Row = {
  ...{ PK: `JOB#${UUID}`, SK: 'JOB', id: UUID, tenant: 'acme', apiKey: UUID, lane: 'small', attempts: 2 },
  ...{ operation: 'prove', circuit: 'count', contract: 'c'.repeat(64), k: 6, state: 'proving' },
  ...{ createdAt: TIME, enqueuedAt: TIME, startedAt: TIME, deadlineAt: TIME, attemptEndsAt: TIME, expiresAt: 1 },
  ...{ labels: { secret: 'label' }, batch: UUID, parent: UUID, idempotencyKey: 'secret', message: 'secret' },
  ...{ shards: { lane: 0 }, keys: { id: 'secret' }, provingBytes: 1, whatever: 'secret' },
};
const ended = { endedAt: '2027-01-31T12:00:01.000Z' };

describe('a job', () => {
  test('that succeeded', () => {
    const after = { ...job, ...ended, state: 'succeeded', statement: ['5'], result: new Uint8Array([5]) };
    expect(auditRecordsOf(changeOf(job, after))).toEqual([
      {
        ...{ event: 'job', at: ended.endedAt, tenant: 'acme', apiKey: UUID, job: UUID, batch: UUID, parent: UUID },
        ...{ operation: 'prove', circuit: 'count', contract: 'c'.repeat(64), k: 6, lane: 'small' },
        ...{ state: 'succeeded', attempts: 2, createdAt: TIME, startedAt: TIME },
      },
    ]);
  });

  test('that failed', () => {
    const error = { code: 'INVALID_WITNESS', message: 'secret' };
    const [record] = auditRecordsOf(changeOf(job, { ...job, ...ended, state: 'failed', error }));
    expect(record).toMatchObject({ state: 'failed', code: 'INVALID_WITNESS' });
    expect(JSON.stringify(record)).not.toContain('secret');
  });

  test('that is a transaction: with the circuits that came along', () => {
    const { circuit: _, contract: __, k: ___, ...rest } = job;
    const circuits = { b: { k: 3, artifacts: {} }, a: { k: 3, artifacts: {} } };
    const before = { ...rest, SK: 'JOB', PK: job.PK, operation: 'transaction', circuits };
    const [record] = auditRecordsOf(changeOf(before, { ...before, ...ended, state: 'cancelled', parts: [UUID] }));
    expect(record).toMatchObject({ operation: 'transaction', circuits: ['a', 'b'], state: 'cancelled' });
    expect(Object.keys(record ?? {})).not.toContain('parts');
  });
});

const apiKey: Row = {
  ...{
    PK: 'KEY#00',
    SK: 'KEY',
    GSI1PK: 'KEYS#acme',
    GSI1SK: TIME,
    id: UUID,
    sha256: '00',
    tenant: 'acme',
    createdAt: TIME,
  },
  ...{ kind: 'secret', scopes: ['prove'], limits: { perMinute: 0, perDay: 0 } },
};
const recorded = {
  ...{ event: 'apiKey', at: TIME, apiKey: UUID, tenant: 'acme', createdAt: TIME, kind: 'secret', scopes: ['prove'] },
  limits: { perMinute: 0, perDay: 0 },
};

describe('an API key', () => {
  test.each([
    ['made', undefined, apiKey, {}],
    ['changed', apiKey, { ...apiKey, revokedAt: TIME }, { revokedAt: TIME }],
    ['removed', apiKey, undefined, {}],
  ])('that is %s, without its hash', (change, before, after, more) => {
    expect(auditRecordsOf(changeOf(before, after))).toEqual([{ ...recorded, ...more, change }]);
  });

  test('that is used is not recorded anew', () => {
    expect(auditRecordsOf(changeOf(apiKey, { ...apiKey, lastUsedAt: TIME }))).toEqual([]);
  });
});

test('a row that this version can’t read is recorded as that', () => {
  const row = { ...job, ...ended, state: 'abandoned' };
  expect(auditRecordsOf(changeOf(job, row))).toEqual([
    { event: 'unreadable', at: TIME, row: { PK: job.PK, SK: 'JOB' } },
  ]);
});

test('Lambda takes so many filters', () => {
  expect(STREAM_FILTERS.length).toBeLessThanOrEqual(5);
});
