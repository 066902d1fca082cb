/** The emulated AWS with what its SQS lacks: tasks that move dead letters back. */
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { operationOf } from './faulty-aws.ts';
import { type Answer, startFaultyProxy } from './faulty-proxy.ts';

export interface MessageMoves {
  url: string;
  /** The operations that were asked for, with the name of their queue. */
  asked: string[];
  close(): Promise<void>;
}

const TASK = /MessageMoveTasks?$/;

/**
 * @param endpoint of the emulated AWS.
 * @param to the queue that the messages came from: the emulated SQS does not remember.
 * @param task how a task looks after so many messages of it.
 */
export async function startMessageMoves(
  endpoint: string,
  { sqs, from, to }: { sqs: SQSClient; from: string; to: string },
  task: (moved: number) => object,
): Promise<MessageMoves> {
  const asked: string[] = [];
  let moved = 0;
  const proxy = await startFaultyProxy(endpoint);
  proxy.behave(async (call, passOn) => {
    const operation = operationOf(call);
    if (!TASK.test(operation)) return passOn();
    const { SourceArn } = JSON.parse(`${call.body}`) as { SourceArn?: string };
    asked.push(SourceArn ? `${operation} ${SourceArn.split(':').at(-1)}` : operation);
    if (operation === 'ListMessageMoveTasks') return answerOf({ Results: [task(moved)] });
    if (operation === 'StartMessageMoveTask') moved = await moveAll(sqs, from, to);
    return answerOf(operation === 'StartMessageMoveTask' ? { TaskHandle: 'the-task' } : {});
  });
  return { url: proxy.url, asked, close: proxy.close };
}

async function moveAll(sqs: SQSClient, from: string, to: string): Promise<number> {
  for (let moved = 0; ; moved++) {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: from }));
    const message = Messages?.[0];
    if (!message) return moved;
    await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: message.Body, MessageGroupId: 'moved' }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: message.ReceiptHandle }));
  }
}

const answerOf = (said: object): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from(JSON.stringify(said)),
});
