import { gzipSync } from 'node:zlib';
import { createCheckPayload, parseCheckResult } from '@midnight-ntwrk/ledger-v8';
import { describe, expect, inject, test } from 'vitest';
import { MAX_UNPACKED_BYTES } from '../../core/limits.ts';
import { binaryIr } from '../generator/circuits.ts';
import { recordedPreimage } from '../generator/recorded.ts';
import { endOf, submitJob } from '../stack/api.ts';

const baseUrl = inject('baseUrl');

describe('a request body', () => {
  const post = (path: string, body: Uint8Array, headers: Record<string, string>): Promise<Response> =>
    fetch(`${baseUrl}${path}`, { method: 'POST', headers, body: Uint8Array.from(body) });
  const packed = (path: string, body: Uint8Array): Promise<Response> =>
    post(path, body, { 'content-encoding': 'gzip' });
  const check = createCheckPayload(recordedPreimage('fallible-count'), binaryIr('fallible/count'));

  test('may be gzip', async () => {
    const answer = await packed('/check', gzipSync(check));
    expect(answer.status).toBe(200);
    expect(parseCheckResult(await answer.bytes())).not.toHaveLength(0);
  });

  test('may be gzip on /v1, too', async () => {
    const preimage = Buffer.from(recordedPreimage('zswap-output-user')).toString('base64');
    const job = gzipSync(JSON.stringify({ circuit: 'midnight/zswap/output', preimage: `${preimage}!` }));
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const answer = await post('/v1/jobs', job, headers);
    // The fault is in the JSON, so that was read.
    expect(await answer.json()).toMatchObject({ code: 'INVALID_REQUEST', detail: expect.stringContaining('preimage') });
  });

  test.each([
    ['no gzip at all', check],
    ['gzip cut off', gzipSync(check).subarray(0, -20)],
    ['gzip with a wrong checksum', gzipSync(check).fill(7, gzipSync(check).length - 8)],
  ])('that says gzip but is %s is refused: 400', async (_, body) => {
    const answer = await packed('/check', body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toBe('The body is not the gzip that its Content-Encoding says it is.');
  });

  test('in another encoding is refused: 400, and told what to send', async () => {
    const answer = await post('/check', check, { 'content-encoding': 'br' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toBe('Content-Encoding br is not understood. Send gzip, or none.');
  });

  test.each(['/prove', '/check', '/k', '/prove-tx', '/v1/jobs'])(
    'on %s that unpacks to more than is taken is refused: 413',
    async (path) => {
      const bomb = gzipSync(new Uint8Array(MAX_UNPACKED_BYTES + 1));
      expect(bomb.length).toBeLessThan(100_000);
      const answer = await packed(path, bomb);
      expect(answer.status).toBe(413);
      expect(await answer.text()).toContain('more than 32 MB');
    },
  );
});

describe('an answer', () => {
  const get = (path: string, encoding: string): Promise<Response> =>
    fetch(`${baseUrl}${path}`, { headers: { 'accept-encoding': encoding } });

  test('is gzip where that is asked for and worth it', async () => {
    const preimage = Buffer.from(recordedPreimage('dust-spend'));
    const { links } = await endOf(await submitJob('midnight/dust/spend', preimage));
    const [gzipped, plain] = [await get(links.self, 'gzip'), await get(links.self, 'identity')];
    expect(gzipped.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(Number(gzipped.headers.get('content-length'))).toBeLessThan(Number(plain.headers.get('content-length')));
    // fetch unpacks it.
    expect(await gzipped.json()).toEqual(await plain.json());
  });

  test('is not gzip where that would make it longer', async () => {
    const answer = await get('/version', 'gzip');
    expect(answer.headers.get('content-encoding')).toBeNull();
  });
});
