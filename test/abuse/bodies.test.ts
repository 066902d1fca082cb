/** Bodies that are more than they look like. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, inject, test } from 'vitest';
import { MAX_BODY_BYTES, MAX_UNPACKED_BYTES } from '../../core/limits.ts';

const url = inject('baseUrl');
const GZIP = { 'content-encoding': 'gzip' };
const JSON_TYPE = { 'content-type': 'application/json' };

const post = (path: string, body: Uint8Array<ArrayBuffer> | string, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, { method: 'POST', body, headers });

/** The endpoints that take a body apart, each in its way. */
const TAKING = [
  '/prove',
  '/check',
  '/prove-tx',
  '/k',
  '/v1/jobs',
  '/v1/batches',
  '/v1/verify',
  '/v1/check',
  '/v1/estimate',
  '/v1/contracts',
  '/v1/uploads',
];

/** 512 MB of nothing, in half a megabyte. */
const bomb = new Uint8Array(gzipSync(Buffer.alloc(512 * 2 ** 20)));

test.each(TAKING)('a zip bomb at %s is given up as soon as it gets too large', async (path) => {
  for (const headers of [GZIP, { ...GZIP, ...JSON_TYPE }]) {
    const answer = await post(path, bomb, headers);
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain(`more than ${MAX_UNPACKED_BYTES / 2 ** 20} MB`);
  }
});

test('a bomb in a bomb is one layer, and no request', async () => {
  const answer = await post('/v1/jobs', new Uint8Array(gzipSync(bomb)), { ...GZIP, ...JSON_TYPE });
  expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'INVALID_REQUEST' })]);
});

test('two encodings are not undone', async () => {
  const answer = await post('/v1/jobs', new Uint8Array(gzipSync(bomb)), {
    'content-encoding': 'gzip, gzip',
    ...JSON_TYPE,
  });
  expect(answer.status).toBe(400);
});

test('others are served while bombs go off', async () => {
  const bombs = Array.from({ length: 8 }, () => post('/prove', bomb, GZIP));
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await Promise.all(bombs)).map(({ status }) => status)).toEqual(Array(8).fill(413));
});

describe('JSON', () => {
  test.each(TAKING.filter((path) => path.startsWith('/v1/')))(
    'that is nested without end is refused at %s',
    async (path) => {
      const nested = '['.repeat(MAX_BODY_BYTES / 2) + ']'.repeat(MAX_BODY_BYTES / 2);
      const answer = await post(path, nested, JSON_TYPE);
      expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'INVALID_REQUEST' })]);
    },
  );

  test('in ZKIR is no deeper', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const form = `{"circuits":{"count":{"zkir":{"version":{"major":2,"minor":0},"instructions":${deep}}}}}`;
    const answer = await post('/v1/contracts', form, JSON_TYPE);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining('levels deep') }),
    ]);
  });

  test('has no field elements that are longer than the field: beside a sealed witness they go into rows', async () => {
    const form = { operation: 'prove', circuit: 'midnight/dust/spend', id: randomUUID(), sealed: 'AAAA' };
    for (const path of ['/v1/jobs', '/v1/batches']) {
      const long = { ...form, bindingInput: '1'.repeat(78) };
      const { operation, ...item } = long;
      const answer = await post(path, JSON.stringify(path === '/v1/jobs' ? long : { items: [item] }), JSON_TYPE);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        expect.objectContaining({ detail: expect.stringContaining('bindingInput') }),
      ]);
    }
  });

  test('cannot reach the prototypes of our own objects', async () => {
    const form = '{"__proto__":{"circuit":"midnight/dust/spend"},"constructor":{"prototype":{"polluted":1}}}';
    expect((await post('/v1/estimate', form, JSON_TYPE)).status).toBe(400);
    expect((await post('/v1/estimate', '{"circuit":"midnight/dust/spend"}', JSON_TYPE)).status).toBe(200);
  });
});
