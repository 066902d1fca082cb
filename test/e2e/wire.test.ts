import { describe, expect, inject, test } from 'vitest';
import { BODY_TOO_LARGE } from '../../core/http/reference-words.ts';
import { API_PAYLOAD_BYTES, MAX_BODY_BYTES } from '../../core/limits.ts';
import { DEPARTURES, expectAsRecorded } from './as-recorded.ts';
import { EXCHANGES } from './recorded-exchanges.ts';

const baseUrl = inject('baseUrl');

describe('recorded exchanges of the reference server', () => {
  test.each(EXCHANGES)('$method $path ($case)', (exchange) => expectAsRecorded(baseUrl, exchange));

  test('each departure is from something recorded', () => {
    for (const { applies } of DEPARTURES) expect(EXCHANGES.filter(applies)).toHaveLength(1);
  });
});

test('timestamps look like the reference’s', async () => {
  const body = await (await fetch(`${baseUrl}/health`)).json();
  expect(body).toEqual({
    status: 'ok',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+00:00:00$/),
  });
});

test.each([
  ['a function', MAX_BODY_BYTES + 1],
  ['API Gateway', API_PAYLOAD_BYTES + 1],
])('a body above what %s carries is refused with 413, and told the way out', async (_, bytes) => {
  const response = await fetch(`${baseUrl}/prove`, { method: 'POST', body: new Uint8Array(bytes) });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', detail: BODY_TOO_LARGE });
});
