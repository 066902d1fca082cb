/** The lane queues. A message names its job and carries nothing else. */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { queueUrls } from '../config.ts';
import type { LaneName } from '../lanes.ts';

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

const jobMessage = z.object({ jobId: z.uuid() });

export async function enqueue(lane: LaneName, jobId: string): Promise<void> {
  const message: z.infer<typeof jobMessage> = { jobId };
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrls()[lane], MessageBody: JSON.stringify(message) }));
}

/** @throws if the message is not one of ours. */
export const jobIdOf = ({ body }: { body: string }): string => jobMessage.parse(JSON.parse(body)).jobId;
