/** POST /v1/check and /v1/estimate: what is known before anything is spent. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { checkView, estimateView } from '../../core/api/circuits.ts';
import { PRICES } from '../../core/prices.ts';
import { irFile } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { FAILING, recordedPreimage } from '../generator/recorded.ts';
import { built, register } from '../stack/contracts.ts';

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${inject('baseUrl')}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

let contract: string;
beforeAll(async () => {
  const zkir = JSON.parse(await readFile(irFile('fallible/count'), 'utf8'));
  contract = (await built(await register({ circuits: { count: { zkir } } }))).id;
});

describe('POST /v1/estimate', () => {
  test('a built-in circuit: its size and lane, what a proof takes, and when prices were as they are', async () => {
    const circuit = 'midnight/zswap/output';
    const response = await post('/v1/estimate', { circuit });
    expect(response.status).toBe(200);
    const estimate = estimateView.parse(await response.json());
    expect(estimate).toMatchObject({ circuit, k: 14, lane: 'medium', queuedMs: 0, pricesAsOf: PRICES.asOf });
    expect(estimate.proveMs).toBeGreaterThan(1000);
    expect(estimate.keysMs).toBeGreaterThan(100);
    expect(estimate.costUsd).toBeGreaterThan(0);
    expect(estimate.costUsd).toBeLessThan(0.001);
  });

  test('a circuit of a contract is cheaper, since it is smaller', async () => {
    const of = async (body: unknown) => estimateView.parse(await (await post('/v1/estimate', body)).json());
    const small = await of({ circuit: 'count', contract });
    expect(small).toMatchObject({ circuit: 'count', contract, k: 6, lane: 'small' });
    const large = await of({ circuit: 'midnight/zswap/spend' });
    expect(large).toMatchObject({ k: 15 });
    expect(small.proveMs).toBeLessThan(large.proveMs);
    expect(small.costUsd).toBeLessThan(large.costUsd);
  });

  test.each([
    [{ circuit: 'decrement' }, 404, 'CIRCUIT_NOT_FOUND'],
    [{ circuit: 'count', contract: '0'.repeat(64) }, 404, 'CONTRACT_NOT_FOUND'],
    [{}, 400, 'INVALID_REQUEST'],
  ])('refuses %j', async (body, status, code) => {
    const response = await post('/v1/estimate', body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });
});

describe('POST /v1/check', () => {
  test.each(['fallible/count', 'midnight/dust/spend'] as const)('%s, fresh inputs: satisfied', async (name) => {
    const { preimage, keyLocation, bindingInput } = await generateRequest(name);
    const reference = { circuit: keyLocation, ...(name === 'fallible/count' && { contract }) };
    const body = { ...reference, preimage: base64(preimage), bindingInput: bindingInput?.toString() };
    const response = await post('/v1/check', body);
    expect(response.status).toBe(200);
    const { satisfied, reason, estimate } = checkView.parse(await response.json());
    expect({ satisfied, reason }).toEqual({ satisfied: true, reason: undefined });
    expect(estimate).toMatchObject({ ...reference, k: name === 'fallible/count' ? 6 : 13 });
  });

  test.each(FAILING)('$name: not satisfied, and why', async ({ preimage, check }) => {
    const response = await post('/v1/check', { circuit: 'count', contract, preimage: base64(preimage) });
    expect(response.status).toBe(200);
    const { satisfied, reason, estimate } = checkView.parse(await response.json());
    expect(satisfied).toBe(false);
    expect(check).toContain(reason);
    expect(estimate).toMatchObject({ circuit: 'count', contract, lane: 'small' });
  });

  test.each([
    ['a preimage that is none', { circuit: 'midnight/dust/spend', preimage: 'AAAA' }, 400, 'INVALID_REQUEST'],
    [
      'a circuit that nobody knows',
      { circuit: 'decrement', preimage: base64(recordedPreimage('fallible-count')) },
      404,
      'CIRCUIT_NOT_FOUND',
    ],
    ['no preimage', { circuit: 'midnight/dust/spend' }, 400, 'INVALID_REQUEST'],
  ])('refuses %s', async (_, body, status, code) => {
    const response = await post('/v1/check', body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });
});
