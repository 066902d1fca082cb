/** The function that takes a request dies between the job's row and its message: a real process, killed while its call is held. */
import '../integration/scratch.ts';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { madeBefore } from '../../core/jobs/idempotency.ts';
import { readAnyJob } from '../../core/jobs/job.ts';
import { ENQUEUE_GRACE_SECONDS } from '../../core/limits.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { handler } from '../../functions/prove/index.ts';
import { sweepJobs } from '../../functions/sweep/sweep-jobs.ts';
import { deliver } from '../stack/deliver.ts';
import { type FaultyAws, operationOf, startFaultyAws } from '../stack/faulty-aws.ts';
import { SMALL, storeKeys } from '../stack/proof-jobs.ts';
import { untilNothingIsLeft } from './contents.ts';
import { figure } from './figure.ts';
import { scratchDeployment } from './scratch-deployment.ts';

const logger = new Logger({ logLevel: 'SILENT' });
const afterGrace = () => new Date(Date.now() + (ENQUEUE_GRACE_SECONDS + 1) * 1000);
const witnessPath = /\/witness\//;

let aws: FaultyAws;
beforeAll(async () => {
  aws = await startFaultyAws(`${process.env.AWS_ENDPOINT_URL}`);
  await storeKeys(SMALL);
});
afterAll(async () => {
  await aws.close();
  await nativeProver().stop();
});

const requestWith = (key: string) => ({ tenant: LOCAL_TENANT, key, digest: key });

/** Submits, and kills the process as it makes that call, which never arrives. @returns the job's id. */
async function killedAt(key: string, isCall: Parameters<typeof hold>[0]): Promise<string> {
  const held = hold(isCall);
  const child = spawn(process.execPath, [join(import.meta.dirname, '../stack/submit-process.ts'), key], {
    env: { ...process.env, AWS_ENDPOINT_URL: aws.url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await held;
  child.kill('SIGKILL');
  await once(child, 'exit');
  aws.behave();
  return `${await madeBefore(requestWith(key))}`;
}

/** Resolves once such a call is made. */
function hold(isCall: (operation: string, path: string) => boolean): Promise<void> {
  return new Promise((resolve) => {
    aws.behave((call, passOn) => {
      if (!isCall(operationOf(call), call.path)) return passOn();
      resolve();
      return new Promise(() => undefined);
    });
  });
}

test('3: killed between the witness and the message: sweep sends it, and the job is proved', async () => {
  const id = await killedAt(randomUUID(), (operation) => operation === 'SendMessage');
  expect(await readAnyJob(id)).toMatchObject({ state: 'queued', attempts: 0 });
  expect(await sweepJobs(logger)).toMatchObject({ left: 1, enqueued: 0 });
  expect(await sweepJobs(logger, afterGrace())).toMatchObject({ enqueued: 1, ended: 0, repaired: 0 });
  expect(await deliver('small', handler)).toMatchObject({ message: { jobId: id }, group: LOCAL_TENANT });
  expect(await readAnyJob(id)).toMatchObject({ state: 'succeeded', attempts: 1 });
  await untilNothingIsLeft(scratchDeployment());
  figure(3, { killed: 'before the message', 'sent after': `${ENQUEUE_GRACE_SECONDS} s`, attempts: 1 });
});

test('3: killed between the row and the witness: sweep ends the job, and its Idempotency-Key is free', async () => {
  const key = randomUUID();
  const id = await killedAt(key, (operation, path) => operation === 'PutObject' && witnessPath.test(path));
  expect(await sweepJobs(logger, afterGrace())).toMatchObject({ enqueued: 0, ended: 1, repaired: 0 });
  expect(await readAnyJob(id)).toMatchObject({ state: 'failed', error: { code: 'INTERNAL' } });
  expect(await madeBefore(requestWith(key))).toBeUndefined();
  await untilNothingIsLeft(scratchDeployment());
  figure(3, { killed: 'before the witness', 'ended after': `${ENQUEUE_GRACE_SECONDS} s`, code: 'INTERNAL' });
});
