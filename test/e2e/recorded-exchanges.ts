/** What the reference server was asked and answered, as recorded, with the requests rebuilt. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCheckPayload, createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import { z } from 'zod';
import { PROJECT } from '../../local/paths.ts';
import { binaryIr } from '../generator/circuits.ts';
import { recordedPreimage } from '../generator/recorded.ts';

const recordedExchange = z.object({
  case: z.string(),
  method: z.string(),
  path: z.string(),
  requestBytes: z.int(),
  status: z.int(),
  /** Those that tell something: CORS and content type. */
  headers: z.record(z.string(), z.string()),
  /** Cut off after some 200 characters, with `…` at its end. */
  body: z.string(),
  bodyBytes: z.int(),
});

const count = recordedPreimage('fallible-count');
const countIr = binaryIr('fallible/count');
const checkOfCount = createCheckPayload(count, countIr);
const junk = (bytes: number) => new Uint8Array(bytes).fill(7);
const utf8 = (text: string) => new TextEncoder().encode(text);

/** The bodies that were sent. The recording holds their sizes only, and which they were follows from the case's name. */
const BODY_OF_CASE: Record<string, Uint8Array> = {
  put: utf8('x'),
  empty: new Uint8Array(),
  zeros: new Uint8Array(100),
  json: utf8('{"key": "value"}'),
  'check doubled': Buffer.concat([checkOfCount, checkOfCount]),
  'check truncated': checkOfCount.subarray(0, -5),
  'NEG check': createCheckPayload(recordedPreimage('NEGATIVE-fallible-count-first-true'), countIr),
  'check wrong ir': createCheckPayload(count, binaryIr('midnight/zswap/output')),
  'check no ir, unknown key loc': createCheckPayload(count),
  'check bad ir bytes': createCheckPayload(count, junk(30)),
  'prove no keys, unknown loc': createProvingPayload(count, undefined),
  'prove junk keys': createProvingPayload(count, undefined, {
    proverKey: junk(10),
    verifierKey: junk(10),
    ir: countIr,
  }),
  'check builtin (no net)': createCheckPayload(recordedPreimage('zswap-output-user')),
  'k fallible__count': countIr,
  'k zswap__output': binaryIr('midnight/zswap/output'),
  'k zswap__spend': binaryIr('midnight/zswap/spend'),
  'k dust__spend': binaryIr('midnight/dust/spend'),
  'k token-vault__getShieldedBalance': binaryIr('token-vault/getShieldedBalance'),
  'cors on 400': new Uint8Array(3),
};

/** A page of any origin may ask the reference. */
export const ORIGIN = { origin: 'https://dapp.example' };
const HEADERS_OF_CASE: Record<string, Record<string, string>> = {
  json: { 'content-type': 'application/json' },
  'cors simple': ORIGIN,
  'cors preflight': {
    ...ORIGIN,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-api-key,b3,traceparent',
  },
  'cors on 400': ORIGIN,
  gzip: { 'accept-encoding': 'gzip' },
};

const WITHOUT_BODY = new Set(['get', 'head', 'trailing slash', 'cors simple', 'cors preflight', 'gzip']);

/** The request's body; undefined if it had none. */
function requestBody({ case: name, requestBytes }: z.infer<typeof recordedExchange>): Uint8Array | undefined {
  if (WITHOUT_BODY.has(name)) return undefined;
  const body = BODY_OF_CASE[name];
  if (body?.length === requestBytes) return body;
  throw new Error(`The body of "${name}" had ${requestBytes} bytes, not ${body?.length}.`);
}

export const EXCHANGES = z
  .array(recordedExchange)
  .parse(JSON.parse(readFileSync(join(PROJECT, 'test/data/wire/observed-8.1.0.json'), 'utf8')))
  .map((exchange) => ({
    ...exchange,
    request: { method: exchange.method, headers: HEADERS_OF_CASE[exchange.case] ?? {}, body: requestBody(exchange) },
  }));
export type Exchange = (typeof EXCHANGES)[number];
