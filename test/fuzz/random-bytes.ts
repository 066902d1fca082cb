/** Bytes by chance, to every endpoint: as a body, in the path, in the query and as headers. */
import { openApiDocument } from '../../core/api/openapi.ts';
import { operationsOf } from '../api/document.ts';
import { seeded } from '../generator/random.ts';
import type { HttpRequest } from './requests.ts';

const COMPATIBLE = [
  'GET /',
  'GET /health',
  'GET /ready',
  'GET /version',
  'GET /proof-versions',
  'GET /fetch-params/{k}',
  'POST /prove',
  'POST /check',
  'POST /prove-tx',
  'POST /k',
  'POST /contracts/{id}/prove',
  'POST /contracts/{id}/check',
  'POST /contracts/{id}/k',
];

/** Of every endpoint: `METHOD /path`. */
export const ENDPOINTS: readonly string[] = [
  ...COMPATIBLE,
  ...operationsOf(openApiDocument()).map(({ method, path }) => `${method} ${path}`),
];

/** What a body may be said to be. */
const SAID: Record<string, string>[] = [
  {},
  { 'content-type': 'application/json' },
  { 'content-type': 'application/octet-stream' },
  { 'content-encoding': 'gzip' },
  { 'content-type': 'application/json', 'content-encoding': 'gzip' },
];

const LONGEST = 2000;
const LONGEST_NAME = 80;

/** A request to that endpoint; the same for the same number and seed. */
export function randomRequest(endpoint: string, number: number, seed: number): HttpRequest {
  const draw = seeded(`${seed} ${endpoint} ${number}`);
  const below = (most: number) => Buffer.from(draw(4)).readUInt32BE() % most;
  const text = () => Buffer.from(draw(below(LONGEST_NAME))).toString(number % 2 === 0 ? 'latin1' : 'utf8');
  const [method = '', path = ''] = endpoint.split(' ');
  return {
    method: method as HttpRequest['method'],
    path: path.replaceAll(/\{\w+\}/g, text),
    query: below(2) === 0 ? {} : { [text()]: text(), wait: text() },
    headers: { ...SAID[below(SAID.length)], accept: text(), origin: text(), 'idempotency-key': text() },
    body: draw(below(LONGEST)),
  };
}
