/** Functions that die, or stand still, amid a proof: real processes, with their provers. */
import '../integration/scratch.ts';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import type { Job } from '../../core/jobs/job.ts';
import { waitForJob } from '../../core/jobs/wait.ts';
import { LEASE_SECONDS } from '../../core/limits.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import { startFaultyAws } from '../stack/faulty-aws.ts';
import { gatedProver } from '../stack/gated-prover.ts';
import { admitProof, outcomeOf, SMALL } from '../stack/proof-jobs.ts';
import { terminalWrites } from '../stack/terminal-writes.ts';
import { startWorker } from '../stack/worker.ts';
import { untilNothingIsLeft } from './contents.ts';
import { duration, figure } from './figure.ts';
import { scratchDeployment } from './scratch-deployment.ts';

const PATIENCE_MS = 90_000;

const gate = await gatedProver(join(STATE_ROOT, 'test-function-killed'));
process.env.PROVER_PATH = gate.executable;
afterEach(() => gate.close());

const untilEnded = (job: Job) => waitForJob(LOCAL_TENANT, job.id, AbortSignal.timeout(PATIENCE_MS));

test('7: the job of a function that is killed amid its proof is tried again within seconds', async () => {
  const job = await admitProof(SMALL);
  await using first = startWorker('small');
  await gate.untilAsked();
  first.signal('SIGKILL');
  const killed = performance.now();

  await gate.open();
  await using second = startWorker('small');
  const delivered = second.untilDelivered();
  expect(await untilEnded(job)).toMatchObject({ state: 'succeeded', attempts: 2 });
  const recoveredMs = performance.now() - killed;
  // Six times its function's time-out would be six minutes.
  expect(recoveredMs).toBeLessThan(4 * LEASE_SECONDS * 1000);
  await delivered;
  await untilNothingIsLeft(scratchDeployment());
  figure(7, {
    killed: 'the function',
    lease: `${LEASE_SECONDS} s`,
    'proved after': duration(recoveredMs),
    attempts: 2,
  });
});

// A worker that is killed while it waits for a message may take the next one with it: each test has a lane of its own.
test('6: of two workers on one job, one ends it: the other stood still until it was taken for dead', async () => {
  const aws = await startFaultyAws(`${process.env.AWS_ENDPOINT_URL}`);
  const writes = terminalWrites();
  aws.behave(writes.watching((_, passOn) => passOn()));
  const job = await admitProof(SMALL, { lane: 'medium' });
  await using still = startWorker('medium', { AWS_ENDPOINT_URL: aws.url });
  await gate.untilAsked();
  still.signal('SIGSTOP');
  const stopped = performance.now();

  await gate.open();
  await using other = startWorker('medium', { AWS_ENDPOINT_URL: aws.url });
  const delivered = other.untilDelivered();
  expect(await untilEnded(job)).toMatchObject({ state: 'succeeded', attempts: 2 });
  const takenOverMs = performance.now() - stopped;
  await delivered;
  const ended = await outcomeOf(job);

  const wokenUp = still.untilDelivered();
  still.signal('SIGCONT');
  await wokenUp;
  expect(await outcomeOf(job)).toEqual(ended);
  expect(writes.ofJobs()).toEqual(new Map([[job.id, 1]]));
  await aws.close();
  figure(6, { workers: 2, 'taken over after': duration(takenOverMs), 'terminal writes': 1, attempts: 2 });
});
