import { expect, test } from 'vitest';
import { z } from 'zod';
import { NightshiftError, publicError } from '../../core/errors.ts';
import { problem } from '../../core/http/answers.ts';
import { parse } from '../../core/http/event.ts';
import { errorAnswer, jobAnswer } from '../../core/http/reference.ts';
import type { Job } from '../../core/jobs/job.ts';

test('an error that is not ours shows nothing of itself', () => {
  const secret = new Error('value 12345 of the witness');
  expect(publicError(secret).code).toBe('INTERNAL');
  expect(JSON.stringify([problem(secret), errorAnswer(secret)])).not.toContain('12345');
});

test('a refused field is named, its value is not', () => {
  const schema = z.strictObject({ preimage: z.base64(), bindingInput: z.string().regex(/^\d+$/, 'must be decimal') });
  const attempt = () => parse(schema, { preimage: '§secret§', bindingInput: '§secret§', extra: '§secret§' });
  expect(attempt).toThrow(/preimage.*bindingInput.*extra/);
  expect(attempt).not.toThrow(/secret/);
});

test.each([
  [new NightshiftError('QUEUE_FULL', 'Lane small is full.'), 429, 'Job Queue full'],
  [new NightshiftError('RATE_LIMITED', 'Ten jobs a day.'), 429, 'RATE_LIMITED: Ten jobs a day.'],
  [new NightshiftError('INVALID_REQUEST', "expected header tag 'x', got ''"), 400, "expected header tag 'x', got ''"],
  [new NightshiftError('CIRCUIT_NOT_FOUND', 'No circuit x here.'), 400, 'bad input: No circuit x here.'],
])('the compatible endpoints answer in the words of the reference: %s', (error, statusCode, body) => {
  expect(errorAnswer(error)).toMatchObject({ statusCode, body });
});

test.each([
  [
    { state: 'failed', error: { code: 'INVALID_WITNESS', message: 'Failed assertion.' } },
    400,
    'bad input: Failed assertion.',
  ],
  [{ state: 'failed', error: { code: 'PARAMS_UNAVAILABLE', message: 'No.' } }, 400, 'PARAMS_UNAVAILABLE: No.'],
  [{ id: 'J', state: 'proving' }, 503, 'Job J is proving. Send the same request again: it will wait for this job.'],
])('a job without result is answered by its state: %j', async (job, statusCode, body) => {
  expect(await jobAnswer(job as Job)).toMatchObject({ statusCode, body });
});

test('problem details carry the stable code', () => {
  const { statusCode, headers, body } = problem(new NightshiftError('JOB_NOT_FOUND', 'No job x.'));
  expect({ statusCode, type: headers?.['content-type'], ...JSON.parse(body) }).toMatchObject({
    statusCode: 404,
    type: 'about:blank',
    title: 'Not Found',
    code: 'JOB_NOT_FOUND',
    detail: 'No job x.',
  });
});

test('a refusal says when to ask again if what is in the way passes', () => {
  const full = (retryAfterSeconds?: number) =>
    new NightshiftError('QUEUE_FULL', 'Lane small is full.', { retryAfterSeconds });
  for (const answer of [problem, errorAnswer]) {
    const retryAfter = [full(7), full()].map((error) => answer(error).headers?.['retry-after']);
    expect(retryAfter).toEqual(['7', undefined]);
  }
});
