/** `nightshift lanes` on a stack of its own, whose caps it changes. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { lanesIn, laneTable } from '../../core/lanes.ts';
import { stackOf } from '../../core/stage.ts';
import { type Aws, awsAt, closeAws, environmentOf } from '../../local/aws.ts';
import { deployStack } from '../../local/deploy.ts';
import { deployLocally } from '../../local/deployment.ts';
import { silent } from '../../local/progress.ts';
import type { LocalStack } from '../../local/stack.ts';
import { LOCAL_CAP, type Settings } from '../../local/synth.ts';
import { nightshift } from '../cli/run.ts';
import { startFaultyAws } from '../stack/faulty-aws.ts';
import { startOwnStack } from '../stack/own-stack.ts';

const settings: Settings = { lanes: { medium: { maxConcurrency: 4, reservedConcurrency: 6 } } };
const DEPLOYED = lanesIn(laneTable({ ...settings, maxConcurrency: LOCAL_CAP }));

let stack: LocalStack;
let aws: Aws;
beforeAll(async () => {
  stack = await startOwnStack(settings);
  aws = awsAt(stack.endpoint);
  const others = { TemplateBody: JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }) };
  await deployStack(aws.cloudFormation, stackOf('other'), others, () => {}, new AbortController().signal);
});
afterAll(async () => {
  closeAws(aws);
  await stack.stop();
});

const lanes = (...args: string[]) => nightshift(['lanes', ...args], environmentOf(stack.endpoint));

async function lane(name: string) {
  const { code, stdout, stderr } = await lanes('--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout).find((found: { name: string }) => found.name === name);
}

/** What the API says of the lane. */
async function readyOf(name: string): Promise<unknown> {
  const { lanes } = z
    .object({ lanes: z.record(z.string(), z.unknown()) })
    .parse(await (await fetch(`${stack.url}/ready`, { headers: { accept: 'application/json' } })).json());
  return lanes[name];
}

async function atSource(name: string): Promise<number | undefined> {
  const { eventSource } = await lane(name);
  const source = await aws.lambda.send(new GetEventSourceMappingCommand({ UUID: eventSource }));
  return source.ScalingConfig?.MaximumConcurrency;
}

test('lists every lane with its caps, and what it is at', async () => {
  const { code, stdout, stderr } = await lanes('--json');
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual(
    DEPLOYED.map(({ name, memoryMb, timeoutSeconds, maxConcurrency, capacity, reservedConcurrency }) => ({
      ...{ name, memoryMb, timeoutSeconds, maxConcurrency, capacity, reservedConcurrency },
      eventSource: expect.stringMatching(/^[0-9a-f-]{36}$/),
      deployed: { maxConcurrency, capacity },
      pending: 0,
      proving: 0,
    })),
  );
  const [columns, small, medium, , , keys] = (await lanes()).stdout.split('\n');
  expect(columns).toMatch(/^LANE +MEMORY +TIME-OUT +RESERVED +AT ONCE +MAY WAIT +PENDING +PROVING +CHANGED$/);
  expect(small).toMatch(new RegExp(`^small +1769 MB +60 s +${LOCAL_CAP} +190 +0 +0$`));
  expect(medium).toMatch(/^medium +3538 MB +120 s +6 +4 +190 +0 +0$/);
  expect(keys).toMatch(new RegExp(`^keys +10240 MB +900 s +${LOCAL_CAP} +any +0 +0$`));
});

test('the reserve is kept for the lane’s function, and for no other', async () => {
  const { Functions = [] } = await aws.lambda.send(new ListFunctionsCommand());
  const reserved = await Promise.all(
    Functions.map(async ({ FunctionName, MemorySize }) => {
      const answer = await aws.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
      return { MemorySize, reserved: answer.ReservedConcurrentExecutions };
    }),
  );
  expect(reserved.filter(({ reserved }) => reserved !== undefined)).toEqual([{ MemorySize: 3538, reserved: 6 }]);
});

describe('caps that are changed while the deployment runs', () => {
  afterEach(async () => {
    expect((await lanes('reset', 'small')).code).toBe(0);
  });

  test('are in force at once, and put back by reset', async () => {
    const { code, stdout, stderr } = await lanes('set', 'small', '--max-concurrency', '3', '--capacity', '7');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`Lane small: 3 at once (deployed: ${LOCAL_CAP}), 7 may wait (deployed: 190).

The next deploy keeps what is changed, unless its own value for that is another one: then that counts again.
To make it the deployment's own:

  npm run deploy -- -c lanes='{"medium":{"maxConcurrency":4,"reservedConcurrency":6},"small":{"maxConcurrency":3,"capacity":7}}'
`);
    expect(await readyOf('small')).toEqual({ maxConcurrency: 3, capacity: 7, pending: 0, proving: 0 });
    expect(await atSource('small')).toBe(3);
    expect((await lanes()).stdout).toMatch(
      new RegExp(
        `^small .* 3 +7 +0 +0 +maxConcurrency \\(deployed: ${LOCAL_CAP}\\), capacity \\(deployed: 190\\)$`,
        'm',
      ),
    );

    const reset = await lanes('reset', 'small');
    expect(reset.stdout).toBe(`Lane small: ${LOCAL_CAP} at once (as deployed), 190 may wait (as deployed).\n`);
    expect(await readyOf('small')).toMatchObject({ maxConcurrency: LOCAL_CAP, capacity: 190 });
    expect(await atSource('small')).toBe(LOCAL_CAP);
  });

  test('are changed one by one, and are no change where they are as deployed', async () => {
    await lanes('set', 'small', '--capacity', '7');
    await lanes('set', 'small', '--max-concurrency', '3');
    expect(await lane('small')).toMatchObject({ maxConcurrency: 3, capacity: 7 });
    const { stdout } = await lanes('set', 'small', '--capacity', '190', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      maxConcurrency: 3,
      capacity: 190,
      deployed: { maxConcurrency: LOCAL_CAP, capacity: 190 },
      context: { ...settings.lanes, small: { maxConcurrency: 3 } },
    });
  });

  test('are none where AWS refuses, and finished by the same command where it broke off', async () => {
    const faulty = await startFaultyAws(stack.endpoint);
    onTestFinished(faulty.close);
    const set = () =>
      nightshift(['lanes', 'set', 'small', '--max-concurrency', '3', '--capacity', '7'], environmentOf(faulty.url));

    faulty.failWrite(1);
    const refused = await set();
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^✗ AWS_REFUSED: /)]);
    expect([await lane('small'), await atSource('small')]).toMatchObject([{ capacity: 190 }, LOCAL_CAP]);

    faulty.failWrite(2);
    const half = await set();
    expect([half.code, half.stderr]).toEqual([
      1,
      expect.stringMatching(/^✗ HALF_CHANGED: .*the same change again\.$/m),
    ]);
    expect(await lane('small')).toMatchObject({ maxConcurrency: LOCAL_CAP, capacity: 190, strayMaxConcurrency: 3 });
    expect((await lanes()).stderr).toBe(
      `⚠ The event source of lane small hands out 3 at once, not ${LOCAL_CAP}: nightshift lanes set small --max-concurrency ${LOCAL_CAP}\n`,
    );

    expect((await set()).code).toBe(0);
    expect(await lane('small')).toMatchObject({ maxConcurrency: 3, capacity: 7 });
    expect((await lanes()).stderr).toBe('');
  });
});

test.each([
  [
    ['set', 'tiny', '--capacity', '1'],
    /^✗ WRONG_USE: There is no lane tiny, but small, medium, large, transaction, keys\./,
  ],
  [['set', 'small'], /^✗ WRONG_USE: Nothing to change/],
  [['set', 'small', '--max-concurrency', '1'], /It takes a whole number, from 2 to 1000\./],
  [['set', 'small', '--capacity', '-1'], /It takes a whole number, 0 or more\./],
  [['set', 'keys', '--capacity', '3'], /^✗ WRONG_USE: Lane keys takes no capacity/],
  [['set', 'medium', '--max-concurrency', '7'], /^✗ WRONG_USE: .*has 6 of the account's concurrency reserved/],
  [['--stage', 'day'], /^✗ STACK_NOT_FOUND: There is no stack Nightshift-day in this account and region\./],
  [['--stage', 'other'], /^✗ STACK_NOT_FOUND: Stack Nightshift-other is none of Nightshift's/],
  [['--stage', 'Day'], /A stage has small letters/],
])('%j is wrong use', async (args, reason) => {
  const { code, stdout, stderr } = await lanes(...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(reason);
});

test('AWS that is not there is told apart from AWS that is not set up', async () => {
  const there = environmentOf(stack.endpoint);
  const nowhere = await nightshift(['lanes', '--json'], { ...there, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
  expect([nowhere.code, JSON.parse(nowhere.stdout)]).toMatchObject([3, { error: { code: 'UNREACHABLE' } }]);
  const nobody = { AWS_ACCESS_KEY_ID: undefined, AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null' };
  const unknown = await nightshift(['lanes', '--json'], {
    ...there,
    ...nobody,
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  expect([unknown.code, JSON.parse(unknown.stdout)]).toMatchObject([2, { error: { code: 'AWS_NOT_SET_UP' } }]);
});

/** The last test: the stack is another one afterwards. */
test('changed caps stay over a deploy, but where that has another value of its own', async () => {
  await lanes('set', 'small', '--max-concurrency', '3', '--capacity', '7');
  const stateDir = await mkdtemp(join(tmpdir(), 'nightshift-redeploy-'));
  const deploy = (changed: Settings) =>
    deployLocally(aws, stack.endpoint, { stateDir, ...changed }, silent, new AbortController().signal);
  await deploy(settings);
  expect([await lane('small'), await atSource('small')]).toMatchObject([{ maxConcurrency: 3, capacity: 7 }, 3]);
  await deploy({ lanes: { ...settings.lanes, small: { maxConcurrency: 5 } } });
  expect([await lane('small'), await atSource('small')]).toMatchObject([{ maxConcurrency: 5, capacity: 7 }, 5]);
  expect(await readyOf('small')).toMatchObject({ maxConcurrency: 5, capacity: 7 });
});
