import { expect, test } from 'vitest';
import { openApiDocument } from '../../core/api/openapi.ts';
import { TAKEN_JOB } from '../../core/api/operations/examples.ts';
import { Description } from './description.ts';
import type { Operation } from './document.ts';

const description = new Description(openApiDocument());
const submitJob = description.operationOf('POST', '/v1/jobs') as Operation;

const LOCATION = { location: '/v1/jobs/1' };

function objectionsTo(status: number, type: string, body: unknown, headers: Record<string, string> = LOCATION) {
  const response = new Response(null, { status, headers: { 'content-type': type, ...headers } });
  return description.objectionsTo(submitJob, response, typeof body === 'string' ? body : JSON.stringify(body));
}

const problem = { type: 'about:blank', title: 'Conflict', status: 409, detail: 'Another.', code: 'CONFLICT' };

test('an operation is found by a path, whatever its query', () => {
  expect(description.operationOf('GET', '/v1/jobs/7/proof?wait=25')?.path).toBe('/v1/jobs/{id}/proof');
  expect(description.operationOf('GET', '/v1/openapi.json')?.path).toBe('/v1/openapi.json');
  expect(description.operationOf('GET', '/v1/openapi-json')).toBeUndefined();
  expect(description.operationOf('PUT', '/v1/jobs/7')).toBeUndefined();
  expect(description.operationOf('GET', '/v1/jobs/7/8')).toBeUndefined();
});

test('answers as they are described are fine', () => {
  expect(objectionsTo(202, 'application/json', TAKEN_JOB.value)).toEqual([]);
  expect(objectionsTo(409, 'application/problem+json', problem, {})).toEqual([]);
  expect(objectionsTo(429, 'application/json; charset=utf-8', problem, { 'retry-after': '2' })).toEqual([]);
});

test.each([
  ['a status', () => objectionsTo(418, 'text/plain', ''), /^status 418 is not described$/],
  ['a content type', () => objectionsTo(202, 'text/html', ''), /^content type text\/html is not described$/],
  ['a field', () => objectionsTo(202, 'application/json', { ...TAKEN_JOB.value, more: 1 }), /^body .*"more"/],
  [
    'a state',
    () => objectionsTo(202, 'application/json', { ...TAKEN_JOB.value, state: 'lost' }),
    /^body \/state .*allowed/,
  ],
  [
    'a header',
    () => objectionsTo(202, 'application/json', TAKEN_JOB.value, { ...LOCATION, 'x-job-id': '7' }),
    /^header x-job-id is not/,
  ],
  [
    "a header's form",
    () => objectionsTo(429, 'application/json', problem, { 'retry-after': 'soon' }),
    /^header Retry-After .*integer/,
  ],
  [
    'the lack of a header',
    () => objectionsTo(202, 'application/json', TAKEN_JOB.value, {}),
    /^header Location is missing$/,
  ],
  [
    "another status's code",
    () => objectionsTo(409, 'application/problem+json', { ...problem, code: 'QUEUE_FULL' }, {}),
    /^body \/code .*CONFLICT/,
  ],
  [
    'another status',
    () => objectionsTo(409, 'application/problem+json', { ...problem, status: 400 }, {}),
    /^body \/status .*409/,
  ],
] as const)('%s that is not described is found', (_, objections, reason) => {
  expect(objections()).toEqual([expect.stringMatching(reason)]);
});
