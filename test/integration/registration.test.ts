/** Registering a contract when AWS, the contract or the time is not as it should be. */
import { afterAll, describe, expect, inject, test } from 'vitest';
import { distinctCircuit } from '../generator/distinct-circuit.ts';
import { sizedCircuit } from '../generator/sized-circuit.ts';
import { startFaultyAws } from '../stack/faulty-aws.ts';
import { createScratch } from '../stack/scratch-aws.ts';

const aws = await startFaultyAws(inject('awsEndpoint'));
await createScratch(aws.url);
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
const { contractIdOf, readCircuit, writeContract } = await import('../../core/contracts/contract.ts');
const { LOCAL_TENANT } = await import('../../core/access/tenant.ts');
const { registerContract } = await import('../../core/contracts/register.ts');
const { contractView } = await import('../../core/contracts/view.ts');
const { readKeys } = await import('../../core/keys/keys.ts');
const { API_TIMEOUT_SECONDS } = await import('../../core/limits.ts');
const { nativeProver } = await import('../../core/prover/native-prover.ts');
const { getObject, objectOf } = await import('../../core/store/objects.ts');
const { handler: prefetch } = await import('../../functions/prefetch/index.ts');
const { handler: submit } = await import('../../functions/submit/index.ts');
const { contentOf, eventOf } = await import('../fuzz/event.ts');
const { deliver, hasMessage } = await import('../stack/deliver.ts');

afterAll(async () => {
  await nativeProver().stop();
  await aws.close();
});

type Program = { name: string; zkir: Buffer };
const two = async (): Promise<Program[]> => [
  { name: 'one', zkir: await distinctCircuit() },
  { name: 'other', zkir: await distinctCircuit() },
];
const register = (programs: Program[]) =>
  registerContract(
    LOCAL_TENANT,
    programs.map(({ name, zkir }) => ({ name, zkir: async () => zkir })),
    'midnight',
    new AbortController().signal,
  );

/** The id of the contract, whether it is registered or not. */
async function idOf(programs: Program[]): Promise<string> {
  const circuits = programs.map(async ({ name, zkir }) => {
    const { sha256 } = await nativeProver().ask('circuit', { ir: zkir });
    return { name, zkirSha256: sha256 };
  });
  return contractIdOf(await Promise.all(circuits), 'midnight');
}

describe('a registration that breaks off', () => {
  test.each([
    [1, 'TransactWriteItems', 'the count of the first circuit', 'CONTRACT_NOT_FOUND'],
    [2, 'PutObject', 'the first ZKIR', 'CONTRACT_NOT_FOUND'],
    [4, 'PutObject', 'the last ZKIR', 'CONTRACT_NOT_FOUND'],
    [5, 'TransactWriteItems', 'the first keys', 'CONTRACT_NOT_FOUND'],
    [6, 'TransactWriteItems', 'the last keys', 'CONTRACT_NOT_FOUND'],
    [7, 'TransactWriteItems', 'the circuits', 'CONTRACT_NOT_FOUND'],
    [8, 'TransactWriteItems', 'the contract', 'building'],
    [9, 'SendMessage', 'the first message', 'building'],
    [12, 'UpdateItem', 'the note of the last message', 'building'],
  ])('at write %i, %s of %s, does no harm and is finished by registering again', async (nth, write, _, circuits) => {
    const programs = await two();
    const id = await idOf(programs);
    const failed = aws.failWrite(nth);
    await expect(register(programs)).rejects.toThrow();
    expect(failed()).toBe(write);
    // Circuits are known only once their keys have been asked for.
    const known = await Promise.all(
      programs.map(({ name }) =>
        readCircuit(id, name).then(
          async ({ keysId }) => (await readKeys(keysId))?.state,
          ({ code }) => code,
        ),
      ),
    );
    expect(known).toEqual([circuits, circuits]);

    expect(await register(programs)).toBe(id);
    for (const { name } of programs) {
      const { keysId, zkir } = await readCircuit(id, name);
      expect(await readKeys(keysId)).toMatchObject({ state: 'building', zkir, enqueuedAt: expect.any(String) });
      expect((await getObject(objectOf.key(keysId, 'zkir')))?.length).toBe(zkir.bytes);
    }
    while ((await contractView(id)).state === 'building') await deliver('keys', prefetch);
    expect(await contractView(id)).toMatchObject({
      state: 'ready',
      circuits: { one: { state: 'ready' }, other: { state: 'ready' } },
    });
    // A message that was sent twice finds nothing to do.
    while (await hasMessage('keys')) await deliver('keys', prefetch);
  });
});

test('circuits with the same ZKIR have their keys derived once', async () => {
  const zkir = await distinctCircuit();
  const id = await register([
    { name: 'one', zkir },
    { name: 'other', zkir },
  ]);
  await deliver('keys', prefetch);
  expect(await contractView(id)).toMatchObject({ state: 'ready' });
  expect(await hasMessage('keys')).toBe(false);
});

test('a contract keeps the time of its first registration', async () => {
  const programs = await two();
  const id = await register(programs);
  const { createdAt } = await contractView(id);
  await register(programs);
  expect((await contractView(id)).createdAt).toBe(createdAt);
  while (await hasMessage('keys')) await deliver('keys', prefetch);
});

test('a circuit that was registered when lanes were larger is shown as failed, and the others as they are', async () => {
  const [small] = await two();
  const id = await register([small as Program]);
  const { circuits } = await contractView(id);
  const row = await readCircuit(id, 'one');
  await writeContract({ id, createdAt: new Date().toISOString(), circuits: [{ ...row, name: 'large', k: 20 }] });
  expect((await contractView(id)).circuits).toEqual({
    ...circuits,
    large: expect.objectContaining({
      state: 'failed',
      k: 20,
      error: { code: 'CIRCUIT_TOO_LARGE', message: 'The circuit has k=20; the largest lane takes k up to 19.' },
    }),
  });
  while (await hasMessage('keys')) await deliver('keys', prefetch);
});

describe('a registration that takes longer than a request may', () => {
  const HALF_A_SECOND = 500;
  /** Laying it out takes seconds. */
  const { zkir: slow } = sizedCircuit(18);
  /** What is left besides the three seconds in which the contract is written down. */
  const cameBefore = (leftMs: number) => Date.now() - API_TIMEOUT_SECONDS * 1000 + 3000 + leftMs;

  async function post(contract: unknown, requestTimeEpoch: number) {
    const headers = { 'content-type': 'application/json' };
    const body = Buffer.from(JSON.stringify(contract));
    const request = { method: 'POST' as const, path: '/v1/contracts', query: {}, headers, body };
    const answer = await submit(eventOf(request, requestTimeEpoch), {} as never);
    return { status: answer.statusCode, problem: JSON.parse(contentOf(answer).toString()) };
  }
  const circuitsOf = (zkir: Uint8Array) => ({ only: { zkir: Buffer.from(zkir).toString('base64') } });

  test.each([
    ['midnight', /^Circuit only: time ran out .* Give the verifier keys, which tell it, or register fewer/],
    ['development', /^Circuit only: time ran out .* k=16\. Register fewer circuits at once\.$/],
  ])('says so in time, and what to do on %s parameters; the next one is taken', async (parameters, detail) => {
    process.env.DEVELOPMENT_PARAMETERS = 'on';
    const requestTime = cameBefore(HALF_A_SECOND);
    const { status, problem } = await post({ circuits: circuitsOf(slow), parameters }, requestTime);
    expect(Date.now()).toBeLessThan(requestTime + API_TIMEOUT_SECONDS * 1000);
    expect([status, problem]).toEqual([
      504,
      expect.objectContaining({ code: 'TIMEOUT', detail: expect.stringMatching(detail) }),
    ]);
    const next = await post({ circuits: circuitsOf(await distinctCircuit()), parameters }, Date.now());
    expect(next).toMatchObject({ status: 202, problem: { state: 'building' } });
  });
});
