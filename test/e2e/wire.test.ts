import { readFile } from 'node:fs/promises';
import { describe, expect, inject, test } from 'vitest';
import { z } from 'zod';

const baseUrl = inject('baseUrl');

/** What the reference server answered, recorded. */
const exchanges = z
  .array(
    z.object({
      case: z.string(),
      method: z.string(),
      path: z.string(),
      requestBytes: z.number(),
      status: z.number(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
    }),
  )
  .parse(JSON.parse(await readFile('test/data/wire/observed-8.1.0.json', 'utf8')));

const BODY_OF_CASE: Record<string, () => Uint8Array | undefined> = {
  get: () => undefined,
  empty: () => new Uint8Array(),
  zeros: () => new Uint8Array(100),
  json: () => new TextEncoder().encode('{"key": "value"}'),
};

const SERVED = ['/', '/health', '/ready', '/version', '/proof-versions', '/nope', '/k', '/check', '/prove'];
const replayable = exchanges.filter(({ case: name, path }) => name in BODY_OF_CASE && SERVED.includes(path));

/** The recording shows replacement characters as the bytes of their UTF-8 form, read one by one. */
const asRecorded = (text: string) => text.replaceAll('\uFFFD', Buffer.from('\uFFFD').toString('latin1'));
const withoutTimes = (text: string) => text.replace(/"timestamp":"[^"]*"/, '"timestamp":"…"');
const withoutCapacity = (text: string) => text.replace(/"jobCapacity":\d+/, '"jobCapacity":…');

describe('recorded exchanges of the reference server', () => {
  test('there are some for each endpoint served here', () => {
    expect(new Set(replayable.map(({ path }) => path))).toEqual(new Set(SERVED));
  });

  test.each(replayable)('$method $path ($case)', async ({ case: name, method, path, status, headers, body }) => {
    const response = await fetch(`${baseUrl}${path}`, { method, body: BODY_OF_CASE[name]?.() ?? null });
    const text = withoutCapacity(withoutTimes(asRecorded(await response.text())));
    const recorded = withoutCapacity(withoutTimes(body));
    expect(response.status).toBe(status);
    // Here the reason follows after the reference's words.
    if (path === '/k') expect(text.startsWith(recorded)).toBe(true);
    else expect(text).toBe(recorded);
    if (body) expect(response.headers.get('content-type')).toBe(headers['content-type']);
  });
});

test('timestamps look like the reference’s', async () => {
  const body = await (await fetch(`${baseUrl}/health`)).json();
  expect(body).toEqual({
    status: 'ok',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+00:00:00$/),
  });
});

test('a body above what Lambda carries is refused with 413', async () => {
  const response = await fetch(`${baseUrl}/prove`, { method: 'POST', body: new Uint8Array(7 * 1024 * 1024) });
  expect(response.status).toBe(413);
});
