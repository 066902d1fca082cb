/** A queue's messages handed to a function the way an event source does it, in the scratch resources of a test. */
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type MessageSystemAttributeName,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { queueUrls } from '../../core/config.ts';
import type { LaneName } from '../../core/lanes.ts';

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

const GROUP: MessageSystemAttributeName[] = ['MessageGroupId'];

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** Nothing was handed out for ten seconds. */
export class NoMessageError extends Error {
  override readonly name = 'NoMessageError';
}

export interface Message {
  /** What it says. */
  message: unknown;
  /** Between which SQS is fair. */
  group: string | undefined;
}

export interface Delivery extends Message {
  /** Whether it is done with. */
  became: 'deleted' | 'left';
}

/**
 * Hands the lane's next message to the function; waits for it up to 10 s.
 *
 * @throws NoMessageError if there is none.
 */
export async function deliver(lane: LaneName, handler: Handler, remainingMs = 100_000): Promise<Delivery> {
  const record = await receive(lane);
  const context = { getRemainingTimeInMillis: () => remainingMs } as Context;
  const { batchItemFailures } = await handler({ Records: [record] }, context);
  const message = { message: JSON.parse(record.body), group: record.attributes.MessageGroupId };
  if (batchItemFailures.length > 0) return { ...message, became: 'left' };
  await discard(lane, record);
  return { ...message, became: 'deleted' };
}

/** A message that was received does not come back. */
export async function discard(lane: LaneName, { receiptHandle }: Pick<SQSRecord, 'receiptHandle'>): Promise<void> {
  const deletion = new DeleteMessageCommand({ QueueUrl: queueUrls()[lane], ReceiptHandle: receiptHandle });
  await sqs.send(deletion).catch((error) => {
    // Another delivery of it has been done with already.
    if (!(error instanceof ReceiptHandleIsInvalid)) throw error;
  });
}

/** The lane's messages that could be handed out: up to ten, which stay. */
export async function messagesIn(lane: LaneName): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrls()[lane],
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
      MessageSystemAttributeNames: GROUP,
    }),
  );
  return Messages.map(({ Body = '', Attributes }) => ({
    message: JSON.parse(Body),
    group: Attributes?.MessageGroupId,
  }));
}

/** Whether the lane has a message that could be handed out. */
export async function hasMessage(lane: LaneName): Promise<boolean> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrls()[lane], AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages) > 0;
}

/**
 * The lane's next message, as an event source hands it out; waits for it up to 10 s.
 *
 * @throws NoMessageError if there is none.
 */
export async function receive(lane: LaneName): Promise<SQSRecord> {
  const QueueUrl = queueUrls()[lane];
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds: 10,
      VisibilityTimeout: 600,
      MessageSystemAttributeNames: GROUP,
    }),
  );
  const message = Messages?.[0];
  if (!message) throw new NoMessageError();
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    eventSource: 'aws:sqs',
    eventSourceARN: Attributes?.QueueArn,
    attributes: message.Attributes ?? {},
  } as SQSRecord;
}
