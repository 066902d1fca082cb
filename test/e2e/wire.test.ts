import { parseCheckResult } from '@midnight-ntwrk/ledger-v8';
import { describe, expect, inject, test } from 'vitest';
import { BODY_TOO_LARGE } from '../../core/http/reference-words.ts';
import { laneTable } from '../../core/lanes.ts';
import { API_PAYLOAD_BYTES, MAX_BODY_BYTES } from '../../core/limits.ts';
import { SATISFYING } from '../generator/recorded.ts';
import { EXCHANGES, type Exchange } from './recorded-exchanges.ts';

const baseUrl = inject('baseUrl');

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Where answers differ from the recorded ones, and why; by case, or for every case that `applies` to. */
const DEPARTURES: { why: string; applies: (exchange: Exchange) => boolean; hold: (answer: Answer) => void }[] = [
  {
    why: 'the recorded server could not download the circuit; here it is at hand',
    applies: (exchange) => exchange.case === 'check builtin (no net)',
    hold: ({ status, body }) => {
      expect(status).toBe(200);
      expect(parseCheckResult(body)).toEqual(SATISFYING.find(({ name }) => name === 'zswap-output-user')?.check);
    },
  },
  {
    why: 'the recorded server was told not to fetch parameters; here that is on unless switched off',
    applies: ({ path }) => path.startsWith('/fetch-params/'),
    hold: ({ status, body }) => {
      expect(status).toBe(200);
      expect(textOf(body)).toBe('success');
    },
  },
];

/** These words stand by themselves in the reference's answers; here a reason follows them. */
const WITHOUT_REASON = ['bad input', 'Unsupported ZKIR version'];

/** API Gateway names a content type even where the reference names none: for empty bodies, and for `/k`. */
const namesNoType = ({ headers }: Exchange) => !('content-type' in headers);

const HEADERS = [...new Set(EXCHANGES.flatMap(({ headers }) => Object.keys(headers)))];

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
/** The recording shows replacement characters as the bytes of their UTF-8 form, read one by one. */
const asRecorded = (text: string) => text.replaceAll('\uFFFD', Buffer.from('\uFFFD').toString('latin1'));
const withoutTime = (text: string) => text.replace(/"timestamp":"[^"]*"/, '"timestamp":"…"');
/** The recorded server was started with a capacity of 2; here it is that of all lanes. */
const CAPACITY = laneTable().proving.reduce((sum, { capacity }) => sum + capacity, 0);
const withOurCapacity = (text: string) => text.replace('"jobCapacity":2', `"jobCapacity":${CAPACITY}`);

async function ask({ path, request }: Exchange): Promise<Answer> {
  const { method, body } = request;
  // Unless told otherwise, fetch asks for gzip.
  const headers = { 'accept-encoding': 'identity', ...request.headers };
  const response = await fetch(`${baseUrl}${path}`, { method, headers, body: body ? Uint8Array.from(body) : null });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

function expectRecorded({ status, headers, body }: Answer, exchange: Exchange): void {
  expect(status).toBe(exchange.status);
  for (const name of HEADERS) {
    if (name === 'content-type' && namesNoType(exchange)) continue;
    expect([name, headers[name]]).toEqual([name, exchange.headers[name]]);
  }
  const text = withoutTime(asRecorded(textOf(body)));
  const recorded = withOurCapacity(withoutTime(exchange.body));
  if (WITHOUT_REASON.includes(recorded)) {
    expect(text).toMatch(new RegExp(`^${recorded}: .+`));
  } else if (recorded.endsWith('…')) {
    expect(text.slice(0, recorded.length - 1)).toBe(recorded.slice(0, -1));
    expect(body).toHaveLength(exchange.bodyBytes);
  } else {
    expect(text).toBe(recorded);
  }
}

describe('recorded exchanges of the reference server', () => {
  test.each(EXCHANGES)('$method $path ($case)', async (exchange) => {
    const answer = await ask(exchange);
    const departure = DEPARTURES.find(({ applies }) => applies(exchange));
    if (departure) departure.hold(answer);
    else expectRecorded(answer, exchange);
  });

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
  ['Lambda', MAX_BODY_BYTES + 32 * 1024],
  ['API Gateway', API_PAYLOAD_BYTES + 1],
])('a body above what %s carries is refused with 413, and told the way out', async (_, bytes) => {
  const response = await fetch(`${baseUrl}/prove`, { method: 'POST', body: new Uint8Array(bytes) });
  expect(response.status).toBe(413);
  expect(await response.text()).toBe(BODY_TOO_LARGE);
});
