import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { batch } from '../../functions/status/batch.ts';
import { fetchParams } from '../../functions/status/fetch-params.ts';
import { job, proof } from '../../functions/status/job.ts';
import { jobs } from '../../functions/status/jobs.ts';
import { CALLER } from '../stack/caller.ts';
import { multiValueQuery } from '../stack/query.ts';

const asked = (pathParameters: Record<string, string>, query: Record<string, string> | null = null) =>
  ({
    pathParameters,
    multiValueQueryStringParameters: multiValueQuery(query),
    headers: {},
  }) as unknown as APIGatewayProxyEvent;

const anyText = fc.string({ unit: 'binary' });

describe('a job is asked for', () => {
  const noId = anyText.filter((text) => !z.uuid().safeParse(text).success);
  const noWait = fc.oneof(
    fc
      .double()
      .filter((seconds) => !(seconds >= 0 && seconds <= 25))
      .map(String),
    fc.stringMatching(/^[a-z]{1,9}$/),
  );

  test('by its id: anything else is refused', async () => {
    await fc.assert(
      fc.asyncProperty(noId, fc.constantFrom(job, proof), async (id, find) => {
        await expect(find(asked({ id }), CALLER)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
      }),
    );
  });

  test('with a wait in seconds that a request may take: anything else is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uuid(), noWait, fc.constantFrom(job, proof), async (id, wait, find) => {
        await expect(find(asked({ id }, { wait }), CALLER)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
      }),
    );
  });
});

test.each([
  ['a job', job, 'waits'],
  ['a proof', proof, 'after'],
  ['a batch', batch, 'after'],
  ['a list of jobs', jobs, 'labels'],
])('%s: a parameter that there is not is refused by its name', async (_, find, parameter) => {
  const path = { id: '0b6cf0c1-9fd5-4b9a-8a30-5e1cd4f4a3a2' };
  await expect(find(asked(path, { [parameter]: 'queued' }), CALLER)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    message: expect.stringContaining(`"${parameter}"`),
  });
});

describe('parameters are asked for by their size', () => {
  test('what is no byte is no path of ours', async () => {
    const noByte = fc.oneof(
      fc.constantFrom('', ' ', ' 5', '-0', '1e1', '0x0a', '5.0'),
      anyText.filter((text) => !/^\+?\d+$/.test(text)),
      fc.integer({ min: 256 }).map(String),
    );
    await fc.assert(
      fc.asyncProperty(noByte, async (k) => {
        expect(await fetchParams(asked({ k }))).toMatchObject({ statusCode: 404 });
      }),
    );
  });

  test('what is larger than any that are published is out of range', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 26, max: 255 }), async (k) => {
        expect(await fetchParams(asked({ k: `${k}` }))).toMatchObject({ statusCode: 400, body: `k=${k} out of range` });
      }),
    );
  });
});
