/** The lane queues. A message names its job and carries nothing else. */
import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { queueUrls } from '../config.ts';
import type { LaneName } from '../lanes.ts';
import { REDELIVERY_SECONDS } from '../limits.ts';

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

const jobMessage = z.object({ jobId: z.uuid() });

export async function enqueue(lane: LaneName, jobId: string): Promise<void> {
  const message: z.infer<typeof jobMessage> = { jobId };
  const QueueUrl = queueUrls()[lane];
  if (!QueueUrl) throw new Error(`no queue of lane ${lane} is known here`);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message) }));
}

/** @throws if the message is not one of ours. */
export const jobIdOf = ({ body }: { body: string }): string => jobMessage.parse(JSON.parse(body)).jobId;

/** Has a message that could not be handled delivered again soon, rather than after the queue's visibility time-out. */
export async function redeliverSoon({ eventSourceARN, receiptHandle }: SQSRecord): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: eventSourceARN.split(':').at(-1) }));
  const VisibilityTimeout = REDELIVERY_SECONDS;
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout }));
}
