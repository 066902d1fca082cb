/** What event sources do on AWS: hand the lanes' messages to their workers, here in this process. */
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSRecord } from 'aws-lambda';
import { queueUrls } from '../../core/config.ts';
import { laneOf } from '../../core/jobs/lane-of.ts';
import type { LaneName } from '../../core/lanes.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { handler as prefetch } from '../../functions/prefetch/index.ts';
import { handler as prove } from '../../functions/prove/index.ts';
import { handler as transaction } from '../../functions/transaction/index.ts';

/** Lanes with work, each with the function that does it. */
const WORKERS = { small: prove, medium: prove, large: prove, transaction, keys: prefetch } satisfies Partial<
  Record<LaneName, unknown>
>;
type WorkedLane = keyof typeof WORKERS;

const MOST_AT_ONCE = 10;
const LONGEST_POLL_SECONDS = 20;

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

/** Works at the queues that the environment names. @returns what ends that, and the native prover. */
export function startWorkers(): () => Promise<void> {
  const ending = new AbortController();
  const workers = (Object.keys(WORKERS) as WorkedLane[]).map((lane) => workLane(lane, ending.signal));
  return async () => {
    ending.abort();
    await Promise.all(workers);
    await nativeProver().stop();
  };
}

async function workLane(lane: WorkedLane, signal: AbortSignal): Promise<void> {
  const QueueUrl = queueUrls()[lane] as string;
  const receive = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: MOST_AT_ONCE,
    MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    WaitTimeSeconds: LONGEST_POLL_SECONDS,
    VisibilityTimeout: laneOf({ lane }).timeoutSeconds,
  });
  while (!signal.aborted) {
    const messages = await sqs.send(receive, { abortSignal: signal }).then(
      ({ Messages = [] }) => Messages,
      (error: Error) => {
        if (signal.aborted) return [];
        throw error;
      },
    );
    await Promise.all(messages.map((message) => hand(message, lane, QueueUrl)));
  }
}

async function hand(message: Message, lane: WorkedLane, QueueUrl: string): Promise<void> {
  const { MessageId, ReceiptHandle, Body, Attributes } = message;
  const record = {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes as object,
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${QueueUrl.split('/').at(-1)}`,
  } as SQSRecord;
  const context = { getRemainingTimeInMillis: () => laneOf({ lane }).timeoutSeconds * 1000 } as Context;
  const { batchItemFailures } = await WORKERS[lane]({ Records: [record] }, context);
  if (batchItemFailures.length === 0) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}
