/** DynamoDB, S3 and SQS on a bad day, for a whole stack with real clients before it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsAt } from '../../local/aws.ts';
import type { LocalStack } from '../../local/stack.ts';
import { FAULTS, type FaultName, sometimes } from '../stack/aws-faults.ts';
import { type FaultyAws, serviceOf, startFaultyAws } from '../stack/faulty-aws.ts';
import type { Behaviour } from '../stack/faulty-proxy.ts';
import { startOwnStack } from '../stack/own-stack.ts';
import { terminalWrites } from '../stack/terminal-writes.ts';
import { conflicting } from '../stack/transaction-conflicts.ts';
import { type Deployment, untilNothingIsLeft } from './contents.ts';
import { duration, figure } from './figure.ts';
import { SmallProofs } from './small-proofs.ts';
import { callAwsAt, stackDeployment } from './stack-deployment.ts';

const START_MS = 240_000;
const TEST_MS = 300_000;
const CLIENTS = 8;
/** How many of the calls it hits: so many that trying again does not save each of them. */
const SHARES: Record<FaultName, number> = { throttled: 0.3, failed: 0.3, cutOff: 0.3, answerLost: 0.3, slow: 0.1 };
const SERVICES = ['dynamodb', 's3', 'sqs'];

let stack: LocalStack;
let deployment: Deployment;
let faulty: FaultyAws;
let proofs: SmallProofs;

beforeAll(async () => {
  stack = await startOwnStack({});
  const aws = awsAt(stack.endpoint);
  deployment = await stackDeployment(aws, stack.outputs);
  faulty = await startFaultyAws(stack.endpoint);
  await callAwsAt(aws, faulty.url);
  proofs = await SmallProofs.at(stack.url);
}, START_MS);

afterAll(async () => {
  await stack?.stop();
  await faulty?.close();
});

test.each(Object.keys(FAULTS) as FaultName[])('15: AWS is in trouble: %s', { timeout: TEST_MS }, async (name) => {
  const fault = sometimes(SHARES[name], `fault 15, ${name}`, FAULTS[name]);
  const conflicts = conflicting();
  const writes = terminalWrites();
  const inTrouble: Behaviour = (call, passOn) =>
    SERVICES.includes(serviceOf(call)) ? fault(call, () => conflicts(call, passOn)) : passOn();
  faulty.behave(writes.watching(inTrouble));

  const begun = performance.now();
  const proved = await Promise.all(Array.from({ length: CLIENTS }, () => proofs.prove({ test: name })));
  const tookMs = performance.now() - begun;
  faulty.behave(writes.watching((_, passOn) => passOn()));
  await untilNothingIsLeft(deployment);

  expect(fault.times).toBeGreaterThan(0);
  await proofs.expectProofs(proved);
  const ids = await Array.fromAsync(proofs.nightshift.jobs({ labels: { test: name } }), ({ id }) => id);
  expect(ids.sort()).toEqual(proved.map(({ job }) => job.id).sort());
  expect(writes.ofJobs()).toEqual(new Map(ids.map((id) => [id, 1])));
  figure(15, {
    [name]: `${fault.times} calls`,
    conflicts: conflicts.refused.transactions + conflicts.refused.writes,
    jobs: ids.length,
    attempts: proved.reduce((sum, { job }) => sum + job.attempts, 0),
    'in all': duration(tookMs),
  });
});
