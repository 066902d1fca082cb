/** The lane queues. A message names its job, or the keys to be derived, and carries nothing else. */
import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { queueUrls } from '../config.ts';
import type { LaneName } from '../lanes.ts';
import { REDELIVERY_SECONDS } from '../limits.ts';

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

const jobMessage = z.object({ jobId: z.uuid() });

const keysMessage = z.object({ keysId: z.string().min(1) });

export const enqueue = (lane: LaneName, jobId: string): Promise<void> =>
  send(lane, { jobId } satisfies z.infer<typeof jobMessage>);

export const enqueueKeys = (keysId: string): Promise<void> =>
  send('keys', { keysId } satisfies z.infer<typeof keysMessage>);

async function send(lane: LaneName, message: object): Promise<void> {
  const QueueUrl = queueUrls()[lane];
  if (!QueueUrl) throw new Error(`no queue of lane ${lane} is known here`);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
}

/** @throws if the message is not one of ours. */
export const jobIdOf = ({ body }: Body): string => jobMessage.parse(JSON.parse(body)).jobId;

/** @returns undefined if the message is about a job. */
export const keysNamedIn = ({ body }: Body): string | undefined => keysMessage.safeParse(JSON.parse(body)).data?.keysId;

type Body = Pick<SQSRecord, 'body'>;

/** Has a message that could not be handled delivered again soon, rather than after the queue's visibility time-out. */
export async function redeliverSoon({ eventSourceARN, receiptHandle }: SQSRecord): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: eventSourceARN.split(':').at(-1) }));
  const VisibilityTimeout = REDELIVERY_SECONDS;
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout }));
}
