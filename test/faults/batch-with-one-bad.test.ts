import '../integration/scratch.ts';
import type { Context, SQSRecord } from 'aws-lambda';
import { afterAll, expect, test } from 'vitest';
import { admitJob } from '../../core/jobs/admit.ts';
import { LOCAL_TENANT, readJobs } from '../../core/jobs/job.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { bringParams } from '../../functions/prefetch/bring-params.ts';
import { handler } from '../../functions/prove/index.ts';
import { generateRequest } from '../generator/generate.ts';
import { receive } from '../stack/deliver.ts';
import { storeKeysOf } from '../stack/stored-keys.ts';
import { duration, figure } from './figure.ts';

const CIRCUIT = 'fallible/count';
const GOOD = 9;

afterAll(() => nativeProver().stop());

test('12: of a batch of ten messages with a bad one, nine are done', async () => {
  await bringParams(6);
  const inlined = await storeKeysOf(CIRCUIT);
  const records: SQSRecord[] = [];
  const ids: string[] = [];
  for (let n = 0; n < GOOD; n++) {
    const { preimage: witness } = await generateRequest(CIRCUIT);
    const proof = { tenant: LOCAL_TENANT, operation: 'prove', circuit: CIRCUIT, k: 6, inlined, witness } as const;
    ids.push((await admitJob(proof)).id);
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
