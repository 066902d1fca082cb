import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { awsAt, closeAws } from '../../local/aws.ts';
import { type Emulator, installEmulator, startEmulator } from '../../local/emulator.ts';
import { LocalError } from '../../local/error.ts';
import { commandsInGroup, signalGroup } from '../../local/process.ts';

const { signal } = new AbortController();
const GONE = { timeout: 20_000, interval: 20 };

let python: string;
let stateDir: string;
const groups: number[] = [];
const owners: ChildProcess[] = [];

beforeAll(async () => {
  python = await installEmulator(() => {}, signal);
});

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'nightshift-lifecycle-'));
});

afterEach(async () => {
  for (const owner of owners.splice(0)) owner.kill('SIGKILL');
  for (const group of groups.splice(0)) signalGroup(group, 'SIGKILL');
  await rm(stateDir, { recursive: true, maxRetries: 5 });
});

async function start(): Promise<Emulator> {
  const emulator = await startEmulator(python, stateDir, signal);
  groups.push(emulator.group);
  return emulator;
}

/** Starts the emulator from a process of its own. */
async function startElsewhere() {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'emulator-owner.ts'), stateDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(owner);
  const [line] = await once(createInterface({ input: owner.stdout }), 'line');
  const { endpoint, group }: { endpoint: string; group: number } = JSON.parse(line);
  groups.push(group);
  return { owner, endpoint, group };
}

/** A function whose process does not end by itself, as with a prover at work. */
async function invokeFunction(endpoint: string): Promise<void> {
  const aws = awsAt(endpoint);
  const code = 'setInterval(() => {}, 1000); export const handler = async () => "called";';
  await aws.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'lasting',
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::000000000000:role/any',
      Code: { ZipFile: zipSync({ 'index.mjs': strToU8(code) }) },
    }),
  );
  const { Payload } = await aws.lambda.send(new InvokeCommand({ FunctionName: 'lasting' }));
  expect(Payload?.transformToString()).toBe('"called"');
  closeAws(aws);
}

const untilEmpty = (group: number) => vi.waitFor(async () => expect(await commandsInGroup(group)).toEqual([]), GONE);

test('stop leaves nothing running and keeps the state', async () => {
  const emulator = await start();
  await invokeFunction(emulator.endpoint);
  expect(await commandsInGroup(emulator.group)).toHaveLength(2);
  const before = awsAt(emulator.endpoint);
  await before.s3.send(new CreateBucketCommand({ Bucket: 'kept' }));
  closeAws(before);
  await emulator.stop();
  expect(await commandsInGroup(emulator.group)).toEqual([]);

  const again = await start();
  expect(again.endpoint).toBe(emulator.endpoint);
  const after = awsAt(again.endpoint);
  const { Buckets } = await after.s3.send(new ListBucketsCommand());
  expect(Buckets?.map(({ Name }) => Name)).toEqual(['kept']);
  closeAws(after);
  await again.stop();
});

test('a crash of the emulator is told, and stop ends what it left', async () => {
  const emulator = await start();
  await invokeFunction(emulator.endpoint);
  process.kill(emulator.group, 'SIGKILL');
  const error = await emulator.crashed;
  expect(error).toBeInstanceOf(LocalError);
  expect(error.code).toBe('EMULATOR_FAILED');
  await emulator.stop();
  // A process that was killed is listed until the machine has come to it.
  await untilEmpty(emulator.group);
});

test('the emulator and its functions end with the process that started them', async () => {
  const { owner, endpoint, group } = await startElsewhere();
  await invokeFunction(endpoint);
  owner.kill('SIGKILL');
  await untilEmpty(group);
});

test('what a crash of both leaves is ended by the next start', async () => {
  const { owner, endpoint, group } = await startElsewhere();
  await invokeFunction(endpoint);
  process.kill(group, 'SIGSTOP');
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  process.kill(group, 'SIGKILL');
  await vi.waitFor(async () => expect(await commandsInGroup(group)).toHaveLength(1), GONE);

  const emulator = await start();
  expect(await commandsInGroup(group)).toEqual([]);
  await emulator.stop();
});

test('a second start in the same state folder is refused, and the first goes on', async () => {
  const { owner, endpoint } = await startElsewhere();
  await expect(start()).rejects.toMatchObject({
    code: 'ALREADY_RUNNING',
    message: expect.stringContaining(`${owner.pid}`),
  });
  expect((await fetch(`${endpoint}/_ministack/health`)).status).toBe(200);
});
