/** `nightshift dead-letters`, with letters that stay since settle pauses. */
import { randomUUID } from 'node:crypto';
import { GetEventSourceMappingCommand, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { deployedLane } from '../../core/deployed-lane.ts';
import { awsAt, closeAws, environmentOf } from '../../local/aws.ts';
import { output } from '../../local/deployment.ts';
import { nightshift, start } from '../cli/run.ts';
import { recordedPreimage } from '../generator/recorded.ts';
import { endOf, type JobView, submitJob } from '../stack/api.ts';
import { type MessageMoves, startMessageMoves } from '../stack/message-moves.ts';

const endpoint = inject('awsEndpoint');
const outputs = inject('outputs');
const QueueUrl = output(outputs, 'DeadLetterQueueUrl');
const SETTLE = output(outputs, 'SettleEventSource');
/** Where spends are proved. */
const LANE = deployedLane.parse(JSON.parse(output(outputs, 'Lanemedium')));
const aws = awsAt(endpoint);
afterAll(() => closeAws(aws));

const setDelivery = (UUID: string, Enabled: boolean) =>
  aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
const sourceOf = (UUID: string) => aws.lambda.send(new GetEventSourceMappingCommand({ UUID }));
const settleIs = async () => (await sourceOf(SETTLE)).State;
const addDeadLetter = (body: unknown) =>
  aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
const deadLetters = (...args: string[]) => nightshift(['dead-letters', ...args], environmentOf(endpoint));

beforeEach(async () => {
  await setDelivery(SETTLE, false);
});
afterEach(async () => {
  await aws.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await setDelivery(SETTLE, true);
});

/** A job whose message lies in the dead-letter queue, and the lane's queue, which hands nothing out until the test ends. */
async function jobGivenUp(): Promise<{ job: JobView; laneQueueUrl: string }> {
  await setDelivery(LANE.eventSource, false);
  onTestFinished(async () => {
    await setDelivery(LANE.eventSource, true);
  });
  const job = await submitJob('midnight/dust/spend', Buffer.from(recordedPreimage('dust-spend')));
  // Its message is gone, so it would stay open for other tests to come upon.
  onTestFinished(async () => {
    await fetch(`${inject('baseUrl')}${job.links.self}`, { method: 'DELETE' });
  });
  const QueueName = (await sourceOf(LANE.eventSource)).EventSourceArn?.split(':').at(-1);
  const { QueueUrl: laneQueueUrl = '' } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Messages: [message] = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: laneQueueUrl }));
  await addDeadLetter(JSON.parse(`${message?.Body}`));
  await aws.sqs.send(new DeleteMessageCommand({ QueueUrl: laneQueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  return { job, laneQueueUrl };
}

test('tells how many there are, since when, and what they are about', async () => {
  const { job } = await jobGivenUp();
  const unknownJob = randomUUID();
  await addDeadLetter({ version: 1, jobId: unknownJob });
  await addDeadLetter({ version: 1, keysId: 'the-keys' });
  await addDeadLetter({ version: 2, jobId: job.id });
  const { code, stdout, stderr } = await deadLetters();
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^⚠ settle pauses, .*\n$/)]);
  const [depth, columns, ...rows] = stdout.trimEnd().split('\n');
  expect(depth).toBe('4 dead letters, and 0 that settle is at.');
  expect(columns).toMatch(/^MESSAGE +SENT +ABOUT +NOW$/);
  expect(rows.map((row) => row.split(/ {2,}/).slice(2)).sort()).toEqual(
    [
      [`job ${job.id}`, 'queued, lane medium, attempts: 0'],
      [`job ${unknownJob}`, 'there is no such job'],
      ['keys the-keys'],
      [`{"version":2,"jobId":"${job.id}"}`, 'no message of this version'],
    ].sort(),
  );
  const listed = JSON.parse((await deadLetters('list', '--json')).stdout);
  expect(listed).toMatchObject({ visible: 4, held: 0, isSettling: false });
  expect(Math.abs(Date.parse(listed.oldestAt) - Date.now())).toBeLessThan(60_000);
  expect(listed.messages).toContainEqual({
    messageId: expect.any(String),
    sentAt: expect.any(String),
    body: JSON.stringify({ version: 1, jobId: job.id }),
    jobId: job.id,
    job: { lane: 'medium', state: 'queued', attempts: 0 },
  });
});

test('says so where there are none; redrive has settle go on that was left pausing', async () => {
  expect(await deadLetters('redrive')).toMatchObject({ code: 0, stdout: 'There are none.\n', stderr: '' });
  expect(await settleIs()).toBe('Enabled');
  expect(await deadLetters()).toMatchObject({ code: 0, stdout: 'There are none.\n', stderr: '' });
});

describe('redrive', () => {
  /** @param task as SQS tells of it after so many messages. */
  async function moving(task: (moved: number) => object): Promise<{ job: JobView; moves: MessageMoves }> {
    const { job, laneQueueUrl } = await jobGivenUp();
    const moves = await startMessageMoves(endpoint, { sqs: aws.sqs, from: QueueUrl, to: laneQueueUrl }, task);
    onTestFinished(moves.close);
    return { job, moves };
  }

  test('has a job tried again whose message had been given up', async () => {
    const { job, moves } = await moving((moved) => ({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: moved }));
    const { code, stdout, stderr } = await nightshift(['dead-letters', 'redrive'], environmentOf(moves.url));
    expect([code, stdout]).toEqual([0, 'Back in their lanes: 1.\n']);
    expect(stderr).toBe('✓ Have settle pause\n✓ Wait until settle holds none\n✓ Put them back\n✓ Have settle go on\n');
    const { Attributes } = await aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const queueName = Attributes?.QueueArn?.split(':').at(-1);
    expect(moves.asked).toEqual([`StartMessageMoveTask ${queueName}`, `ListMessageMoveTasks ${queueName}`]);
    expect(await settleIs()).toBe('Enabled');
    await setDelivery(LANE.eventSource, true);
    expect(await endOf(job)).toMatchObject({ state: 'succeeded' });
  });

  test('tells why SQS gave up, and has settle go on', async () => {
    const { moves } = await moving(() => ({
      Status: 'FAILED',
      FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
    }));
    const { code, stderr } = await nightshift(['dead-letters', 'redrive'], environmentOf(moves.url));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^✗ REDRIVE_FAILED: SQS ended the move as FAILED: AWS\.SimpleQueueService\.NonExistentQueue\.$/m,
    );
    expect(await settleIs()).toBe('Enabled');
  });

  test('is given up by Ctrl-C, and has settle go on', async () => {
    const { moves } = await moving(() => ({ Status: 'RUNNING' }));
    const { child, ended } = start(['dead-letters', 'redrive'], environmentOf(moves.url));
    await vi.waitFor(() => expect(moves.asked.join()).toContain('List'), { timeout: 30_000 });
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([130, expect.stringMatching(/✓ Have settle go on\n✗ INTERRUPTED: /)]);
    expect(moves.asked.at(-1)).toBe('CancelMessageMoveTask');
    expect(await settleIs()).toBe('Enabled');
  });

  test('has settle go on, too, where SQS knows no such tasks, as that of the local stack', async () => {
    await addDeadLetter({ version: 1, jobId: randomUUID() });
    const { code, stderr } = await deadLetters('redrive');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^✗ AWS_REFUSED: /m)]);
    expect(await settleIs()).toBe('Enabled');
    await vi.waitFor(async () => expect((await deadLetters()).stdout).toBe('There are none.\n'), { timeout: 30_000 });
  });
});

test('the help says what it is good for', async () => {
  const { stdout } = await deadLetters('redrive', '--help');
  expect(stdout).toContain('what settle has ended stays ended');
});
