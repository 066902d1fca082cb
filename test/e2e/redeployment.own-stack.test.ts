/** A deployment that is deployed anew while it has jobs. */
import { join } from 'node:path';
import { paginateListAliases } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsAt, closeAws } from '../../local/aws.ts';
import { type DeploymentOptions, deployLocally } from '../../local/deployment.ts';
import { silent } from '../../local/progress.ts';
import type { LocalStack } from '../../local/stack.ts';
import { setDelivery } from '../../local/stack-queues.ts';
import { untilNothingIsLeft } from '../faults/contents.ts';
import { SmallProofs } from '../faults/small-proofs.ts';
import { laneQueueUrl, stackDeployment } from '../faults/stack-deployment.ts';
import { functionsOf } from '../stack/functions.ts';
import { OWN_STATE, startOwnStack } from '../stack/own-stack.ts';

const START_MS = 240_000;
const JOBS = 20;

let stack: LocalStack;
let aws: ReturnType<typeof awsAt>;
let proofs: SmallProofs;

beforeAll(async () => {
  stack = await startOwnStack({});
  aws = awsAt(stack.endpoint);
  proofs = await SmallProofs.at(stack.url);
}, START_MS);

afterAll(async () => {
  closeAws(aws);
  await stack?.stop();
});

/** As `npm run deploy` once more. */
const redeploy = (changes: Partial<DeploymentOptions>) =>
  deployLocally(aws, stack.endpoint, { stateDir: OWN_STATE, ...changes }, silent, new AbortController().signal);

/** The versions of prove that get jobs, by function. */
async function liveVersions(): Promise<Record<string, string | undefined>> {
  const live: Record<string, string | undefined> = {};
  for await (const { FunctionName = '' } of functionsOf(aws.lambda)) {
    for await (const { Aliases = [] } of paginateListAliases({ client: aws.lambda }, { FunctionName })) {
      for (const { FunctionVersion } of Aliases) live[FunctionName] = FunctionVersion;
    }
  }
  return live;
}

test('twenty jobs in the queue survive it, and each is proved once', { timeout: START_MS }, async () => {
  const before = await liveVersions();
  const requests = await Promise.all(Array.from({ length: JOBS }, proofs.request));
  const { items } = await proofs.nightshift.submitBatch(requests.map((request) => proofs.form(request)));

  // Most are to wait until the new version is there: it hands messages out again.
  await setDelivery(aws, false);
  const { pending } = await proofs.occupancy();
  await redeploy({ verbose: true });
  const after = await liveVersions();

  const jobs = await Promise.all(items.map(({ job }) => proofs.nightshift.wait(`${job}`)));
  const proved = jobs.map(async (job, n) => ({
    request: requests[n] as (typeof requests)[number],
    proof: await proofs.nightshift.result(job),
  }));
  await proofs.expectProofs(await Promise.all(proved));
  await untilNothingIsLeft(await stackDeployment(aws, stack.outputs));
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const [name, version] of Object.entries(after)) expect(Number(version)).toBeGreaterThan(Number(before[name]));
  expect(pending, 'jobs for the new version').toBeGreaterThan(JOBS / 2);
});

test('a version whose prover can’t start fails it, and jobs go on with the one before', {
  timeout: START_MS,
}, async () => {
  const before = await liveVersions();
  await expect(redeploy({ proverExecutable: join(OWN_STATE, 'no-prover') })).rejects.toMatchObject({
    code: 'DEPLOY_FAILED',
    message: expect.stringMatching(/prove\w*WarmUp/),
  });
  expect(await liveVersions()).toEqual(before);
  await proofs.expectProofs([await proofs.prove()]);
});

test('a message in the format of before is understood', async () => {
  await setDelivery(aws, false);
  const request = await proofs.request();
  const { id } = await proofs.nightshift.submit(proofs.form(request));
  const QueueUrl = await laneQueueUrl(aws, 'small');
  const { Messages: [message] = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(JSON.parse(message?.Body ?? '')).toEqual({ version: 1, jobId: id });
  await aws.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));

  // Messages had no version before.
  await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ jobId: id }) }));
  await setDelivery(aws, true);
  const proof = await proofs.nightshift.result(await proofs.nightshift.wait(id));
  await proofs.expectProofs([{ request, proof }]);
});
