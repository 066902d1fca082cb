/** The lane queues. A message names its job, or the keys to be derived, and carries nothing else. */
import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { queueUrls } from '../config.ts';
import type { LaneName } from '../lanes.ts';
import { CLIENT } from './aws-client.ts';

const sqs = new SQSClient({ ...CLIENT, useQueueUrlAsEndpoint: false });

/** Of the format. Messages without it are older, and mean the same. */
const version = z.literal(1).optional();
const VERSION = version.unwrap().value;

/** SQS takes no longer one. Ids of keys are longer where prover keys were brought: the hash of the circuit begins them. */
const LONGEST_GROUP = 128;

const jobMessage = z.object({ version, jobId: z.uuid() });

const keysMessage = z.object({ version, keysId: z.string().min(1) });

export const enqueue = ({ lane, id, tenant }: { lane: LaneName; id: string; tenant: string }): Promise<void> =>
  send(lane, { version: VERSION, jobId: id } satisfies z.infer<typeof jobMessage>, tenant);

export const enqueueKeys = (keysId: string): Promise<void> =>
  send('keys', { version: VERSION, keysId } satisfies z.infer<typeof keysMessage>, keysId.slice(0, LONGEST_GROUP));

/** @param group between which SQS is fair: while one has many messages out, the others' go first. */
async function send(lane: LaneName, message: object, group: string): Promise<void> {
  const QueueUrl = queueUrls()[lane];
  if (!QueueUrl) throw new Error(`no queue of lane ${lane} is known here`);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message), MessageGroupId: group }));
}

/** @throws if the message is not one of ours. */
export const jobIdOf = ({ body }: Body): string => jobMessage.parse(JSON.parse(body)).jobId;

/** @returns undefined if the message is about a job. */
export const keysNamedIn = ({ body }: Body): string | undefined => keysMessage.safeParse(JSON.parse(body)).data?.keysId;

/** What a message is about, if it is one of ours. */
export function namedIn(body: string): { jobId?: string; keysId?: string } {
  try {
    const { version: _, ...named } = z.union([keysMessage, jobMessage]).parse(JSON.parse(body));
    return named;
  } catch {
    return {};
  }
}

type Body = Pick<SQSRecord, 'body'>;

/** Has a message that is being handled delivered again after so long, unless it is deleted or hidden again before. */
export async function hideFor(seconds: number, { eventSourceARN, receiptHandle }: SQSRecord): Promise<void> {
  const QueueUrl = await urlOf(eventSourceARN);
  const change = { QueueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: seconds };
  await sqs.send(new ChangeMessageVisibilityCommand(change));
}

const urls = new Map<string, string>();

async function urlOf(queueArn: string): Promise<string | undefined> {
  const known = urls.get(queueArn);
  if (known) return known;
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueArn.split(':').at(-1) }));
  if (QueueUrl) urls.set(queueArn, QueueUrl);
  return QueueUrl;
}
