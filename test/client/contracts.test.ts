/** How contracts are registered, with a server that does as the test says. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { circuitsToUpload } from '../../client/contracts.ts';
import { type Contract, Nightshift } from '../../client/index.ts';
import { MAX_BODY_BYTES } from '../../core/limits.ts';
import { urlOf } from '../cli/server.ts';

const SHA256 = 'a'.repeat(64);

function contract(state: Contract['state'], circuit: Partial<Contract['circuits'][string]> = {}): Contract {
  return {
    id: SHA256,
    state,
    parameters: 'midnight',
    createdAt: '2026-01-01T00:00:00.000Z',
    circuits: { increment: { state, k: 6, zkirSha256: SHA256, zkirBytes: 1, ...circuit } },
    links: { self: `/v1/contracts/${SHA256}`, prefix: `/contracts/${SHA256}` },
  };
}

interface Put {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Registers at once, tells each of `states` once and the last one ever after, and takes uploads beside. */
async function serving(...states: Contract[]) {
  const registered: { circuits: Record<string, { zkir: unknown }> }[] = [];
  const puts: Put[] = [];
  const store = await urlOf(async (incoming, answer) => {
    puts.push({ headers: incoming.headers, body: await buffer(incoming) });
    answer.end();
  });
  const url = await urlOf(async (incoming, answer) => {
    const body = await buffer(incoming);
    if (incoming.url === '/v1/uploads') {
      const { sha256 } = JSON.parse(body.toString());
      const expiresAt = '2026-01-01T00:00:00.000Z';
      const headers = { 'x-amz-checksum-sha256': sha256 };
      answer.end(JSON.stringify({ sha256, url: `${store}/${sha256}`, method: 'PUT', headers, expiresAt }));
      return;
    }
    if (incoming.method === 'POST') registered.push(JSON.parse(body.toString()));
    answer.end(JSON.stringify(states.length > 1 ? states.shift() : states[0]));
  });
  return { nightshift: new Nightshift({ url, apiKey: 'secret' }), registered, puts };
}

describe('push', () => {
  test('sends what the compiler wrote, and resolves once the keys are there', async () => {
    const { nightshift, registered } = await serving(contract('building'), contract('building'), contract('ready'));
    const circuits = { increment: { zkir: '{"a":1}', verifierKey: Uint8Array.of(1) }, get: { zkir: Uint8Array.of(2) } };
    expect(await nightshift.push({ circuits })).toMatchObject({ state: 'ready' });
    expect(registered).toEqual([
      { circuits: { increment: { zkir: btoa('{"a":1}'), verifierKey: 'AQ==' }, get: { zkir: 'Ag==' } } },
    ]);
  });

  test('rejects if a circuit fails, with its code and its name', async () => {
    const error = { code: 'KEY_MISMATCH', message: 'Compile it again.' } as const;
    const { nightshift } = await serving(contract('building'), contract('failed', { error }));
    const pushed = nightshift.push({ circuits: { increment: { zkir: '{}' } }, parameters: 'development' });
    await expect(pushed).rejects.toMatchObject({ code: 'KEY_MISMATCH', message: 'increment: Compile it again.' });
  });

  test('uploads as many of the largest circuits as it takes for the others to fit, without the key', async () => {
    const { nightshift, registered, puts } = await serving(contract('ready'));
    const zkirOf = (share: number, fill: number) => new Uint8Array(Math.floor(MAX_BODY_BYTES * share)).fill(fill);
    const [small, large, larger] = [zkirOf(0.1, 1), zkirOf(0.6, 2), zkirOf(0.7, 3)];
    await nightshift.push({
      circuits: { small: { zkir: small }, larger: { zkir: larger }, large: { zkir: large } },
    });
    const sha256 = createHash('sha256').update(larger).digest('hex');
    expect(puts).toMatchObject([{ headers: { 'x-amz-checksum-sha256': sha256 } }]);
    expect(puts[0]?.body.equals(larger)).toBe(true);
    expect(puts[0]?.headers).not.toHaveProperty('x-api-key');
    expect(registered[0]?.circuits.larger?.zkir).toEqual({ upload: sha256 });
    for (const [name, zkir] of Object.entries({ small, large })) {
      expect(registered[0]?.circuits[name]?.zkir === Buffer.from(zkir).toString('base64')).toBe(true);
    }
  });

  test('that is aborted between two looks rejects with the reason', async () => {
    const [reason, controller] = [new Error('The page is left.'), new AbortController()];
    const { nightshift } = await serving(contract('building'));
    const progress = nightshift.contractProgress(contract('building'), { signal: controller.signal });
    await progress.next();
    const next = progress.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
  });
});

test('which circuits are to be uploaded is known from one look at the request', () => {
  const zkir = 'A'.repeat(Math.floor(MAX_BODY_BYTES / 8));
  const circuits = Object.fromEntries(Array.from({ length: 24 }, (_, n) => [`c${n}`, { zkir }]));
  const stringify = vi.spyOn(JSON, 'stringify');
  const names = circuitsToUpload({ circuits });
  const whole = stringify.mock.calls.filter(([given]) => typeof given === 'object').length;
  stringify.mockRestore();
  expect(whole).toBe(1);
  const uploaded = names.map((name) => [name, { zkir: { upload: SHA256 } }]);
  const sizeWith = (count: number) =>
    JSON.stringify({ circuits: { ...circuits, ...Object.fromEntries(uploaded.slice(0, count)) } }).length;
  expect(sizeWith(names.length)).toBeLessThanOrEqual(MAX_BODY_BYTES);
  expect(sizeWith(names.length - 1)).toBeGreaterThan(MAX_BODY_BYTES);
});
