/** The dead-letter queue: messages of all lanes that no delivery could finish and that settle has not taken. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { readAnyJob } from '../../core/jobs/job.ts';
import type { JobState } from '../../core/jobs/state.ts';
import type { LaneName } from '../../core/lanes.ts';
import { namedIn } from '../../core/store/queues.ts';
import { CliError, EXIT } from '../error.ts';
import { onAws } from './aws.ts';

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const POLL_MS = 1000;
/** What SQS gives at once. */
const MOST = 10;

export interface DeadLetter {
  messageId: string;
  sentAt: string;
  /** As it was sent: ids, if the message is ours. */
  body: string;
  keysId?: string;
  jobId?: string;
  /** What became of the job; undefined if there is none. */
  job?: { lane: LaneName; state: JobState; attempts: number };
}

export interface Depth {
  /** Those that can be looked at and moved. */
  visible: number;
  /** Those that settle holds at the moment. */
  held: number;
}

export async function readDepth(queueUrl: string): Promise<Depth> {
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = await attributesOf(queueUrl);
  return { visible: Number(ApproximateNumberOfMessages), held: Number(ApproximateNumberOfMessagesNotVisible) };
}

/** Looks at some of the messages, which stay. */
export async function readDeadLetters(queueUrl: string): Promise<DeadLetter[]> {
  const look = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: MOST,
    VisibilityTimeout: 0,
    MessageSystemAttributeNames: ['SentTimestamp'],
  });
  const { Messages = [] } = await onAws(() => sqs.send(look));
  return Promise.all(Messages.map(deadLetterOf));
}

async function deadLetterOf({ MessageId = '', Body = '', Attributes }: Message): Promise<DeadLetter> {
  const named = namedIn(Body);
  const job = named.jobId === undefined ? undefined : await onAws(() => readAnyJob(`${named.jobId}`));
  return {
    messageId: MessageId,
    sentAt: new Date(Number(Attributes?.SentTimestamp)).toISOString(),
    body: Body,
    ...named,
    ...(job && { job: { lane: job.lane, state: job.state, attempts: job.attempts } }),
  };
}

/**
 * Has SQS put all messages back into the queues that they came from.
 *
 * @param onMoved is told how many are back.
 * @returns how many are.
 * @throws CliError REDRIVE_FAILED
 */
export async function moveBack(
  queueUrl: string,
  signal: AbortSignal,
  onMoved: (moved: number) => void,
): Promise<number> {
  const { QueueArn: SourceArn } = await attributesOf(queueUrl);
  const { TaskHandle } = await onAws(() => sqs.send(new StartMessageMoveTaskCommand({ SourceArn })));
  for (;;) {
    const { Results: [task = {}] = [] } = await onAws(() => sqs.send(new ListMessageMoveTasksCommand({ SourceArn })));
    const moved = task.ApproximateNumberOfMessagesMoved ?? 0;
    onMoved(moved);
    if (task.Status === 'COMPLETED') return moved;
    if (task.Status !== 'RUNNING') throw failed(task);
    await delay(POLL_MS, undefined, { signal }).catch(async (error) => {
      await onAws(() => sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle })));
      throw error;
    });
  }
}

/** Until settle holds none any more: SQS moves only those that nobody holds. */
export async function untilNoneHeld(
  queueUrl: string,
  signal: AbortSignal,
  onHeld: (held: number) => void,
): Promise<void> {
  for (;;) {
    const { held } = await readDepth(queueUrl);
    if (held === 0) return;
    onHeld(held);
    await delay(POLL_MS, undefined, { signal });
  }
}

async function attributesOf(QueueUrl: string): Promise<Record<string, string>> {
  const { Attributes = {} } = await onAws(() =>
    sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
  );
  return Attributes;
}

const failed = ({ Status, FailureReason }: ListMessageMoveTasksResultEntry): CliError =>
  new CliError(
    'REDRIVE_FAILED',
    EXIT.refused,
    `SQS ended the move as ${Status}: ${FailureReason ?? 'no reason given'}.`,
  );
