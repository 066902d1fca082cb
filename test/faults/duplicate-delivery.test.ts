/** A message that SQS delivers more often than once. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, inject, test, vi } from 'vitest';
import { keyOf } from '../../core/store/row-keys.ts';
import { awsAt } from '../../local/aws.ts';
import { readBacklog } from '../../local/stack-queues.ts';
import { contentsOf } from './contents.ts';
import { duration, figure } from './figure.ts';
import { SmallProofs } from './small-proofs.ts';
import { laneQueueUrl, stackDeployment } from './stack-deployment.ts';

const DUPLICATES = 5;

const aws = awsAt(inject('awsEndpoint'));
const deployment = await stackDeployment(aws, inject('outputs'));
const QueueUrl = await laneQueueUrl(aws, 'small');
const proofs = await SmallProofs.at(inject('baseUrl'));

/** As if SQS delivered the job's message again, so many times. */
async function deliverAgain(jobId: string): Promise<void> {
  const MessageBody = JSON.stringify({ version: 1, jobId });
  for (let n = 0; n < DUPLICATES; n++) await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

const untilDelivered = () =>
  vi.waitFor(async () => expect(await readBacklog(aws, [QueueUrl])).toEqual({ handedOut: 0, waiting: 0 }), 60_000);

async function rowOf(jobId: string) {
  const { PK } = keyOf.job(jobId);
  return (await contentsOf(deployment)).rows.find((row) => row.PK === PK);
}

test('5: a message delivered again while its job is open comes to one proof, and after the end to nothing', async () => {
  const request = await proofs.request();
  const begun = performance.now();
  const job = await proofs.nightshift.submit(proofs.form(request));
  await deliverAgain(job.id);
  const ended = await proofs.nightshift.wait(job);
  await untilDelivered();
  expect(ended).toMatchObject({ state: 'succeeded', attempts: 1 });
  await proofs.expectProofs([{ request, proof: await proofs.nightshift.result(ended) }]);

  const row = await rowOf(job.id);
  await deliverAgain(job.id);
  await untilDelivered();
  expect(await rowOf(job.id)).toEqual(row);
  const tookMs = performance.now() - begun;
  figure(5, { deliveries: 2 * DUPLICATES + 1, attempts: 1, 'in all': duration(tookMs) });
});
