import './scratch.ts';
import { randomUUID } from 'node:crypto';
import type { Context, SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { claimJob } from '../../core/jobs/claim.ts';
import { readJob } from '../../core/jobs/job.ts';
import { readOccupancy } from '../../core/jobs/lane-counts.ts';
import { getObject, objectOf } from '../../core/store/objects.ts';
import { handler } from '../../functions/settle/index.ts';
import { counted } from '../stack/counted.ts';

/** By which the jobs are delivered. */
const MESSAGE = 'message';

const deadLetter = (messageId: string, body: string) =>
  ({ messageId, body, eventSource: 'aws:sqs', attributes: {} }) as SQSRecord;

test('a dead letter ends its job; one that is none of ours stays in the queue', async () => {
  const { id } = await admitJob({
    tenant: LOCAL_TENANT,
    operation: 'prove',
    circuit: 'c',
    k: 6,
    witness: new Uint8Array(8),
  });
  await claimJob(id, MESSAGE, new Date(Date.now() - 60_000));
  const Records = [
    deadLetter('ours', JSON.stringify({ jobId: id })),
    deadLetter('unknown', JSON.stringify({ jobId: randomUUID() })),
    deadLetter('junk', '{}'),
  ];
  const counts = counted();
  expect(await handler({ Records }, {} as Context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'junk' }] });
  const one = { namespace: 'Nightshift', name: 'DeadLetters', value: 1, dimensions: { service: 'nightshift' } };
  expect(counts).toEqual(Records.map(() => one));
  expect(await readJob(LOCAL_TENANT, id)).toMatchObject({
    state: 'failed',
    error: { code: 'INTERNAL', message: 'Given up: none of 1 attempts came back. Please submit again.' },
  });
  expect(await getObject(objectOf.witness(id))).toBeUndefined();
  expect(await readOccupancy()).toMatchObject({ pending: 0, proving: 0 });
});
