/** The emulated AWS with what its SQS lacks: tasks that move dead letters back. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { passOn } from './faulty-aws.ts';

export interface MessageMoves {
  url: string;
  /** The operations that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

const OPERATION = /^AmazonSQS\.(?<name>(Start|Cancel)MessageMoveTask|ListMessageMoveTasks)$/;

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
  const server = createServer(async (incoming, answer) => {
    const name = OPERATION.exec(`${incoming.headers['x-amz-target']}`)?.groups?.name;
    if (!name) return passOn(endpoint, incoming, answer);
    const { SourceArn } = (await json(incoming)) as { SourceArn?: string };
    asked.push(SourceArn ? `${name} ${SourceArn.split(':').at(-1)}` : name);
    if (name === 'StartMessageMoveTask') {
      moved = await moveAll(sqs, from, to);
      return say(answer, { TaskHandle: 'the-task' });
    }
    say(answer, name === 'ListMessageMoveTasks' ? { Results: [task(moved)] } : {});
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
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

const say = (answer: ServerResponse, said: object): void => {
  answer.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(said));
};
