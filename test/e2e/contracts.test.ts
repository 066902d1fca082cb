/** Contracts as their owners register them. */
import { readFile } from 'node:fs/promises';
import { createCheckPayload, createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { binaryIr, irFile } from '../generator/circuits.ts';
import { verifierFile } from '../generator/keys.ts';
import { verifies } from '../generator/native-prover.ts';
import { endOf, get, jobView, postJob } from '../stack/api.ts';
import { built, contractView, postContract, register, storedOfContracts } from '../stack/contracts.ts';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const json = async (circuit: string) => JSON.parse(await readFile(irFile(circuit), 'utf8'));
const sized = (circuit: Record<string, unknown>) => ({ circuits: { only: { zkir: circuit } } });
const preimage = await readFile('test/data/preimages/fallible-count.preimage.bin');

const prove = (contract: string, circuit: string, witness = preimage) =>
  postJob(JSON.stringify({ contract, circuit, preimage: base64(witness) }));

describe('a contract', () => {
  const verifierKey = async () => base64(await readFile(await verifierFile('fallible/count')));

  test('is registered from ZKIR and verifier keys, becomes ready, and is proved with while it is being built', async () => {
    const contract = { circuits: { count: { zkir: await json('fallible/count'), verifierKey: await verifierKey() } } };
    const response = await postContract(contract);
    expect(response.status).toBe(202);
    const registered = contractView.parse(await response.json());
    expect(response.headers.get('location')).toBe(registered.links.self);
    expect(registered).toMatchObject({ parameters: 'midnight', circuits: { count: { k: 6, lane: 'small' } } });

    const job = jobView.parse(await (await prove(registered.id, 'count')).json());
    const ready = await built(registered);
    expect(ready).toMatchObject({
      id: registered.id,
      state: 'ready',
      circuits: {
        count: {
          state: 'ready',
          k: 6,
          lane: 'small',
          zkirSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          verifierKeySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          proverKeySha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          proverKeyBytes: expect.any(Number),
          keygenMs: expect.any(Number),
          requestedAt: expect.any(String),
          endedAt: expect.any(String),
        },
      },
    });
    const ended = await endOf(job);
    expect(ended).toMatchObject({ state: 'succeeded', contract: registered.id, circuit: 'count' });
    const proof = Buffer.from(ended.proof ?? '', 'base64');
    expect(await verifies(proof, await verifierFile('fallible/count'), ended.statement ?? [])).toBe(true);
  });

  test('is the same one whatever form its ZKIR has, and however often it is registered', async () => {
    const asJson = await register(sized(await json('composable-inner/get')));
    const asText = await register(sized(base64(await readFile(irFile('composable-inner/get'))) as never));
    const asBinary = await register(sized(base64(binaryIr('composable-inner/get')) as never));
    expect([asText.id, asBinary.id]).toEqual([asJson.id, asJson.id]);
    const ready = await built(asJson);
    expect(await register(sized(await json('composable-inner/get')))).toEqual(ready);
  });

  test('may come as it is, or packed', async () => {
    const body = JSON.stringify(sized(await json('composable-inner/get')));
    const headers = { 'content-type': 'application/json' };
    const plain = await fetch(`${inject('baseUrl')}/v1/contracts`, { method: 'POST', body, headers });
    const { id } = await register(sized(await json('composable-inner/get')));
    expect(contractView.parse(await plain.json()).id).toBe(id);
  });

  test('fails in the circuit whose verifier key is another one, with both hashes, and takes no jobs for it', async () => {
    const circuits = {
      count: {
        zkir: await json('fallible/count'),
        verifierKey: base64(await readFile(await verifierFile('composable-inner/get'))),
      },
      get: { zkir: await json('composable-inner/get') },
    };
    const contract = await built(await register({ circuits }));
    const error = {
      code: 'KEY_MISMATCH',
      message: expect.stringMatching(/[0-9a-f]{64}.*[0-9a-f]{64}.*compile the contract again/),
    };
    expect(contract).toMatchObject({
      state: 'failed',
      circuits: { count: { state: 'failed', error }, get: { state: 'ready' } },
    });
    const job = await endOf(jobView.parse(await (await prove(contract.id, 'count')).json()));
    expect(job).toMatchObject({ state: 'failed', error });
  });

  test('that nobody registered is not found', async () => {
    const response = await get(`/v1/contracts/${'0'.repeat(64)}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'CONTRACT_NOT_FOUND' });
    expect(await (await get('/v1/contracts/mine')).json()).toMatchObject({ code: 'INVALID_REQUEST' });
    expect(await (await prove('0'.repeat(64), 'count')).json()).toMatchObject({ code: 'CONTRACT_NOT_FOUND' });
  });

  test('has circuits only of the names that it was registered with', async () => {
    const { id } = await register(sized(await json('composable-inner/get')));
    expect(await (await prove(id, 'other')).json()).toMatchObject({ code: 'CIRCUIT_NOT_FOUND' });
  });

  test("may name its circuits as JavaScript names an object's own", async () => {
    const zkir = await json('composable-inner/get');
    const { id, circuits } = await built(await register({ circuits: { constructor: { zkir }, toString: { zkir } } }));
    expect(Object.keys(circuits).sort()).toEqual(['constructor', 'toString']);
    const getting = await readFile('test/data/preimages/composable-inner-get-1.preimage.bin');
    const job = await endOf(jobView.parse(await (await prove(id, 'toString', getting)).json()));
    expect(job).toMatchObject({ state: 'succeeded', circuit: 'toString' });
  });
});

describe('refused, and nothing is stored', () => {
  const STATUS = { INVALID_REQUEST: 400, INVALID_CIRCUIT: 400, FORBIDDEN: 403, CIRCUIT_TOO_LARGE: 413 };
  let program: Record<string, unknown> & { instructions: unknown[] };
  beforeAll(async () => {
    program = await json('fallible/count');
  });
  const named = (name: string) => ({ circuits: { [name]: { zkir: program } } });

  test.each([
    ['no ZKIR', () => sized('AAAA' as never), 'INVALID_CIRCUIT', /^Circuit only: Unsupported ZKIR version/],
    [
      'ZKIR of another version',
      () => sized({ ...program, version: { major: 3, minor: 0 } }),
      'INVALID_CIRCUIT',
      /this is 3\.0, and this server reads 2\.0/,
    ],
    [
      'a million instructions and more',
      () => sized({ ...program, instructions: Array(1_100_000).fill({ op: 'not', a: 0 }) }),
      'CIRCUIT_TOO_LARGE',
      /^Circuit only: .*more than 16777216 bytes/,
    ],
    [
      'a circuit that no lane takes',
      () =>
        sized({
          ...program,
          instructions: [...program.instructions, ...Array(2000).fill({ op: 'ec_mul_generator', scalar: 0 })],
        }),
      'CIRCUIT_TOO_LARGE',
      /^Circuit only: .*largest k is 19/,
    ],
    [
      'a verifier key that is none',
      () => ({ circuits: { only: { zkir: program, verifierKey: 'AAAA' } } }),
      'INVALID_CIRCUIT',
      /^Circuit only: .*verifier key/,
    ],
    [
      'a name that objects lose',
      () => JSON.parse(JSON.stringify(named('name')).replace('"name"', '"__proto__"')),
      'INVALID_REQUEST',
      /and not __proto__$/,
    ],
    ['a name with a slash', () => named('a/b'), 'INVALID_REQUEST', /Compact identifiers/],
    ['a name with a dot', () => named('a.b'), 'INVALID_REQUEST', /Compact identifiers/],
    ['a name that leads elsewhere', () => named('../witness'), 'INVALID_REQUEST', /Compact identifiers/],
    ['a name in another script', () => named('инкремент'), 'INVALID_REQUEST', /Compact identifiers/],
    ['a name that never ends', () => named('a'.repeat(257)), 'INVALID_REQUEST', /up to 256 characters/],
    [
      '10,000 circuits',
      () => ({ circuits: Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`c${n}`, { zkir: 'AAAA' }])) }),
      'INVALID_REQUEST',
      /^circuits: a contract has 1 to 256 circuits, this one has 10000$/,
    ],
    ['no circuits', () => ({ circuits: {} }), 'INVALID_REQUEST', /1 to 256 circuits/],
    [
      'an upload that is not there',
      () => sized({ upload: '0'.repeat(64) }),
      'INVALID_REQUEST',
      /^Circuit only: there is no upload 0{64}/,
    ],
    [
      'a prover key without its verifier key',
      () => ({ circuits: { only: { zkir: program, proverKey: { upload: '0'.repeat(64) } } } }),
      'INVALID_REQUEST',
      /needs its verifier key/,
    ],
    [
      'development parameters where they are off',
      () => ({ ...named('count'), parameters: 'development' }),
      'FORBIDDEN',
      /insecure, and switched off/,
    ],
    ['a list of circuits', () => ({ circuits: [{ zkir: program }] }), 'INVALID_REQUEST', /must be the circuits by/],
  ] as const)('%s', async (_, contract, code, detail) => {
    const before = await storedOfContracts();
    const response = await postContract(contract());
    expect([response.status, await response.json()]).toEqual([
      STATUS[code],
      expect.objectContaining({ status: STATUS[code], code, detail: expect.stringMatching(detail) }),
    ]);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await storedOfContracts()).toEqual(before);
  });

  test('a good circuit before the one that is refused, but for its ZKIR', async () => {
    const good = { ...program, instructions: [...program.instructions, { op: 'load_imm', imm: 'AB' }] };
    const before = await storedOfContracts();
    const response = await postContract({ circuits: { good: { zkir: good }, bad: { zkir: 'AAAA' } } });
    expect(response.status).toBe(400);
    const more = (await storedOfContracts()).filter((stored) => !before.includes(stored));
    expect(more).toEqual([expect.stringMatching(/^keys\/[0-9a-f]{64}\/zkir$/)]);
  });
});

describe('the compatible endpoints under a contract', () => {
  test('answer /k for a circuit of the contract by its name', async () => {
    const { links } = await register(sized(await json('composable-inner/get')));
    const ask = (circuit_id: string) =>
      fetch(`${inject('baseUrl')}${links.prefix}/k`, {
        method: 'POST',
        body: JSON.stringify({ circuit_id }),
        headers: { 'content-type': 'application/json' },
      });
    expect(await (await ask('only')).json()).toEqual({ circuit_id: 'only', k: 6 });
    expect(await (await ask('midnight/zswap/output')).json()).toEqual({ circuit_id: 'midnight/zswap/output', k: 14 });
    const unknown = await ask('other');
    expect([unknown.status, await unknown.text()]).toEqual([
      400,
      expect.stringMatching(/^bad input: No circuit other in contract/),
    ]);
  });

  const post = (path: string, body: Uint8Array | object) => {
    const packed = body instanceof Uint8Array ? Uint8Array.from(body) : JSON.stringify(body);
    const type = body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
    return fetch(`${inject('baseUrl')}${path}`, { method: 'POST', body: packed, headers: { 'content-type': type } });
  };
  const answer = async (response: Response) => [response.status, await response.text()];

  test('find no circuit in a contract that nobody registered', async () => {
    const response = await post(`/contracts/${'0'.repeat(64)}/prove`, createProvingPayload(preimage, undefined));
    expect(await answer(response)).toEqual([400, expect.stringMatching(/^bad input: No contract 0{64} here/)]);
  });

  test('refuse a preimage whose key location is longer than any name', async () => {
    const { links } = await register(sized(await json('composable-inner/get')));
    const location = 'count';
    const long = Buffer.alloc(2 + 2000, 'c');
    long.writeUInt16LE((2000 << 2) | 1);
    const renamed = Buffer.concat([preimage.subarray(0, -1 - location.length), long]);
    for (const [path, body] of [
      ['prove', createProvingPayload(renamed, undefined)],
      ['check', createCheckPayload(renamed)],
      ['check', { preimage: base64(renamed) }],
    ] as const) {
      const response = await post(`${links.prefix}/${path}`, body);
      expect(await answer(response)).toEqual([400, expect.stringMatching(/^keyLocation: /)]);
    }
  });

  const insecure = `dev-${'0'.repeat(64)}`;
  test.each([
    ['prove', createProvingPayload(preimage, undefined)],
    ['prove', { witness: base64(preimage), circuit_id: 'count' }],
    ['check', createCheckPayload(preimage)],
    ['check', { preimage: base64(preimage) }],
    ['k', { circuit_id: 'count' }],
  ])('refuse /%s in a contract on development parameters where they are off', async (endpoint, body) => {
    const response = await post(`/contracts/${insecure}/${endpoint}`, body);
    expect(await answer(response)).toEqual([
      403,
      'FORBIDDEN: Development parameters are insecure, and switched off in this deployment.',
    ]);
  });

  test('as the jobs API does', async () => {
    const response = await prove(insecure, 'count');
    expect([response.status, await response.json()]).toEqual([403, expect.objectContaining({ code: 'FORBIDDEN' })]);
  });
});
