/** Messages that are none of ours, or not of our time. */
import { randomUUID } from 'node:crypto';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, expect, inject, test, vi } from 'vitest';
import { MAX_RECEIVES, REDELIVERY_SECONDS } from '../../core/limits.ts';
import { awsAt } from '../../local/aws.ts';
import { readBacklog } from '../../local/stack-queues.ts';
import { duration, figure } from './figure.ts';
import { SmallProofs } from './small-proofs.ts';
import { laneQueueUrl } from './stack-deployment.ts';

const BAD = ['not JSON', JSON.stringify({ version: 2, jobId: randomUUID() })];
const PROOFS = 10;
/** All its deliveries, on a slow machine. */
const GIVEN_UP_MS = 4 * MAX_RECEIVES * REDELIVERY_SECONDS * 1000;

const aws = awsAt(inject('awsEndpoint'));
const QueueUrl = await laneQueueUrl(aws, 'small');
const deadLettersUrl = await deadLettersOf(QueueUrl);
const proofs = await SmallProofs.at(inject('baseUrl'));

// They would be looked at for days.
afterAll(() => aws.sqs.send(new PurgeQueueCommand({ QueueUrl: deadLettersUrl })));

async function deadLettersOf(queueUrl: string): Promise<string> {
  const asked = { QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy' as const] };
  const { Attributes } = await aws.sqs.send(new GetQueueAttributesCommand(asked));
  const { deadLetterTargetArn } = JSON.parse(`${Attributes?.RedrivePolicy}`);
  const QueueName = deadLetterTargetArn.split(':').at(-1);
  return `${(await aws.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl}`;
}

async function messagesOf(queueUrl: string): Promise<number> {
  const { handedOut, waiting } = await readBacklog(aws, [queueUrl]);
  return handedOut + waiting;
}

test('11: a message that is not JSON, or of an unknown version, ends alone as a dead letter', async () => {
  expect(await messagesOf(deadLettersUrl)).toBe(0);
  const begun = performance.now();
  const Entries = BAD.map((MessageBody, n) => ({ Id: `${n}`, MessageBody }));
  await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const proved = await Promise.all(Array.from({ length: PROOFS }, () => proofs.prove()));
  expect(proved.map(({ job }) => job.attempts)).toEqual(proved.map(() => 1));
  const provedMs = performance.now() - begun;
  await proofs.expectProofs(proved);

  const given = { timeout: GIVEN_UP_MS, interval: 500 };
  await vi.waitFor(async () => expect(await messagesOf(deadLettersUrl)).toBe(BAD.length), given);
  expect(await messagesOf(QueueUrl)).toBe(0);
  figure(11, {
    'bad messages': BAD.length,
    'dead letters': BAD.length,
    after: duration(performance.now() - begun),
    'proofs beside them': PROOFS,
    in: duration(provedMs),
  });
});
