import '../integration/scratch.ts';
import type { Context, SQSRecord } from 'aws-lambda';
import { afterAll, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { readJobs } from '../../core/jobs/job.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { handler } from '../../functions/prove/index.ts';
import { receive } from '../stack/deliver.ts';
import { admitProof, SMALL } from '../stack/proof-jobs.ts';
import { duration, figure } from './figure.ts';

const GOOD = 9;

afterAll(() => nativeProver().stop());

test('12: of a batch of ten messages with a bad one, nine are done', async () => {
  const records: SQSRecord[] = [];
  const ids: string[] = [];
  for (let n = 0; n < GOOD; n++) {
    ids.push((await admitProof(SMALL)).id);
    records.push(await receive('small'));
  }
  const bad = { ...(records[0] as SQSRecord), messageId: 'bad', receiptHandle: 'bad', body: 'not JSON' };

  const begun = performance.now();
  const context = { getRemainingTimeInMillis: () => 100_000 } as Context;
  const outcome = await handler({ Records: records.toSpliced(GOOD / 2, 0, bad) }, context);
  const tookMs = performance.now() - begun;
  expect(outcome).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] });
  const jobs = [...(await readJobs(LOCAL_TENANT, ids)).values()];
  expect(jobs.map(({ state, attempts }) => ({ state, attempts }))).toEqual(
    ids.map(() => ({ state: 'succeeded', attempts: 1 })),
  );
  figure(12, { done: jobs.length, 'given back': outcome.batchItemFailures.length, 'in all': duration(tookMs) });
});
