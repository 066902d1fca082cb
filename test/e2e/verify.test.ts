/** POST /v1/verify, with proofs of fresh inputs that the deployment made. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { z } from 'zod';
import { type claim, verifyView } from '../../core/api/circuits.ts';
import { MAX_BATCH } from '../../core/limits.ts';
import { irFile, isBuiltIn } from '../generator/circuits.ts';
import { type Circuit, generateRequest } from '../generator/generate.ts';
import { endOf, jobView, postJob } from '../stack/api.ts';
import { built, register } from '../stack/contracts.ts';

type Claim = z.infer<typeof claim>;

/** Of k = 6, 9 and 13. */
const CIRCUITS: Circuit[] = ['fallible/count', 'token-vault/depositUnshielded', 'midnight/dust/spend'];

const post = (body: unknown): Promise<Response> =>
  fetch(`${inject('baseUrl')}/v1/verify`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

async function verdictOn(body: unknown) {
  const response = await post(body);
  const answer = await response.json();
  if (response.status !== 200) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return verifyView.parse(answer);
}

let contract: string;
beforeAll(async () => {
  const named = CIRCUITS.filter((circuit) => !isBuiltIn(circuit)).map(
    async (circuit) => [circuit.split('/')[1], { zkir: JSON.parse(await readFile(irFile(circuit), 'utf8')) }] as const,
  );
  contract = (await built(await register({ circuits: Object.fromEntries(await Promise.all(named)) }))).id;
});

/** A claim that holds. */
async function prove(circuit: Circuit): Promise<Claim> {
  const { preimage, keyLocation, bindingInput } = await generateRequest(circuit);
  const reference = { circuit: keyLocation, ...(isBuiltIn(circuit) ? {} : { contract }) };
  const body = { preimage: Buffer.from(preimage).toString('base64'), bindingInput: bindingInput?.toString() };
  const submitted = jobView.parse(await (await postJob(JSON.stringify({ ...reference, ...body }))).json());
  const { proof = '', statement = [] } = await endOf(submitted);
  return { ...reference, proof, statement };
}

let claims: [Claim, Claim, Claim];
beforeAll(async () => {
  claims = [
    await prove(CIRCUITS[0] as Circuit),
    await prove(CIRCUITS[1] as Circuit),
    await prove(CIRCUITS[2] as Circuit),
  ];
});

const tampered = (proof: string): string => {
  const bytes = Buffer.from(proof, 'base64');
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] as number) ^ 1;
  return bytes.toString('base64');
};

const DOES_NOT_HOLD = 'The proof does not hold for this statement and verifier key.';

describe('a claim', () => {
  test.each(CIRCUITS.map((circuit, index) => [circuit, index] as const))('about %s holds', async (_, index) => {
    expect(await verdictOn(claims[index])).toEqual({ valid: true });
  });

  test.each<[string, (claim: Claim) => Partial<Claim>, string | RegExp]>([
    ['a proof that was tampered with', ({ proof }) => ({ proof: tampered(proof) }), DOES_NOT_HOLD],
    ['another statement', ({ statement }) => ({ statement: statement.with(0, '1') }), DOES_NOT_HOLD],
    [
      'a statement that is too short',
      () => ({ statement: ['1'] }),
      /^The statement has 1 elements, the verifier key expects \d+\.$/,
    ],
    [
      'a number that is no field element',
      ({ statement }) => ({ statement: statement.with(1, '9'.repeat(80)) }),
      /^Element 1 of the statement must be a decimal number below/,
    ],
    ['bytes that are no proof', () => ({ proof: 'AAAA' }), /^The proof can't be read: expected header tag/],
    ['no bytes', () => ({ proof: '' }), /^The proof can't be read: /],
    ['the proof of another circuit', () => ({ proof: claims[1].proof }), DOES_NOT_HOLD],
  ])('with %s does not hold', async (_, change, reason) => {
    const verdict = await verdictOn({ ...claims[0], ...change(claims[0]) });
    expect(verdict).toEqual({
      valid: false,
      reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
    });
  });

  test('about a built-in circuit is the same under any contract, and insecure under none', async () => {
    expect(await verdictOn({ ...claims[2], contract: `dev-${'0'.repeat(64)}` })).toEqual({ valid: true });
  });

  test('about another circuit is held against that one', async () => {
    expect(await verdictOn({ ...claims[0], circuit: claims[1].circuit })).toMatchObject({ valid: false });
  });

  test.each<[string, Partial<Record<keyof Claim, unknown>>, number, string]>([
    ['a circuit that nobody knows', { circuit: 'decrement' }, 404, 'CIRCUIT_NOT_FOUND'],
    ['a contract that nobody knows', { contract: '0'.repeat(64) }, 404, 'CONTRACT_NOT_FOUND'],
    ['elements that are no decimals', { statement: ['0x1'] }, 400, 'INVALID_REQUEST'],
    ['a proof that is no base64', { proof: '§' }, 400, 'INVALID_REQUEST'],
    ['a field that there is not', { proofs: '' } as never, 400, 'INVALID_REQUEST'],
  ])('with %s is refused', async (_, change, status, code) => {
    const response = await post({ ...claims[0], ...change });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  test('about a circuit whose keys are missing is refused', async () => {
    const response = await post({ ...claims[0], circuit: 'midnight/zswap/spend' });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'PARAMS_UNAVAILABLE' });
  });
});

describe('many claims', () => {
  test('hold together, whatever their circuits, one of them twice', async () => {
    const items = [...claims, claims[0]];
    expect(await verdictOn({ items })).toEqual({ valid: true, items: items.map(() => ({ valid: true })) });
  });

  test('the one among them that does not hold is named', async () => {
    const items = claims.with(1, { ...claims[1], proof: tampered(claims[1].proof) });
    expect(await verdictOn({ items })).toEqual({
      valid: false,
      items: [{ valid: true }, { valid: false, reason: DOES_NOT_HOLD }, { valid: true }],
    });
  });

  test(`${MAX_BATCH} at once`, async () => {
    const items = Array.from({ length: MAX_BATCH }, (_, index) => claims[index % 2]);
    expect(await verdictOn({ items })).toMatchObject({ valid: true });
  });

  test.each<[string, unknown[] | (() => unknown[]), string, RegExp]>([
    ['none', [], 'INVALID_REQUEST', /^items: /],
    ['too many', () => Array.from({ length: MAX_BATCH + 1 }, () => claims[0]), 'INVALID_REQUEST', /^items: /],
    ['one that is malformed', () => [claims[0], { ...claims[1], proof: 7 }], 'INVALID_REQUEST', /^items\.1\.proof: /],
    [
      'one about a circuit that nobody knows',
      () => [claims[0], claims[2], { ...claims[1], circuit: 'decrement' }],
      'CIRCUIT_NOT_FOUND',
      /^items\.2: No circuit decrement in contract/,
    ],
  ])('%s: refused, naming it', async (_, items, code, detail) => {
    const response = await post({ items: typeof items === 'function' ? items() : items });
    expect(await response.json()).toMatchObject({ code, detail: expect.stringMatching(detail) });
  });
});
