import { setTimeout as delay } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { isUnderWay, readBringing } from '../../core/artifacts/bringing.ts';
import { type ParameterSet, parameterSet } from '../../core/circuits/parameter-set.ts';
import { LARGEST_PARAMS_K, paramsFor } from '../../core/circuits/params.ts';
import { fetchesParams, prefetchFunctionName } from '../../core/config.ts';
import { expectAllowed, noteOn, warningHeader } from '../../core/contracts/development.ts';
import { NightshiftError } from '../../core/errors.ts';
import { empty, json, text } from '../../core/http/answers.ts';
import { asksForJson, parse, queryOf } from '../../core/http/event.ts';
import { MAX_WAIT_SECONDS, RETRY_AFTER_SECONDS } from '../../core/limits.ts';
import { downloadUrl, lastModified } from '../../core/store/objects.ts';

/** The reference reads a byte; what is none is no such path to it. */
const BYTE = z
  .string()
  .regex(/^\+?\d+$/)
  .pipe(z.coerce.number<string>().max(255));

const query = z.object({ parameters: parameterSet.default('midnight') });

const POLL_MS = 250;

const lambda = new LambdaClient();

/**
 * `GET /fetch-params/{k}?parameters=development`: has the public parameters for that size at hand, and says `success`
 * once they are; 503 if they take longer than a request may. Asked again, it waits for the same work.
 */
export async function fetchParams(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { data: k } = BYTE.safeParse(event.pathParameters?.k);
  if (!fetchesParams() || k === undefined) return empty(404);
  const { parameters } = parse(query, queryOf(event));
  expectAllowed(parameters);
  if (k > LARGEST_PARAMS_K[parameters]) return text(400, `k=${k} out of range`);
  const { object } = paramsFor(k, parameters);
  if (!(await lastModified(object)) && !(await bring(k, parameters))) {
    const onTheWay = `The parameters for k=${k} are on their way. Ask again: the request will wait for them.`;
    return text(503, onTheWay, { 'retry-after': String(RETRY_AFTER_SECONDS) });
  }
  const note = noteOn(parameters);
  if (asksForJson(event)) return json(200, { k, params_url: await downloadUrl(object), ...note }, warningHeader(note));
  return text(200, note.warning ? `success\n${note.warning}` : 'success', warningHeader(note));
}

/**
 * Has prefetch bring them, unless it is at it, and waits.
 *
 * @returns whether they are there.
 * @throws what bringing them failed with.
 */
async function bring(k: number, parameters: ParameterSet): Promise<boolean> {
  const end = Date.now() + MAX_WAIT_SECONDS * 1000;
  const artifact = paramsFor(k, parameters);
  const before = await readBringing(artifact);
  const underWay = before && isUnderWay(before);
  if (!underWay) {
    const Payload = JSON.stringify({ k, parameters });
    await lambda.send(new InvokeCommand({ FunctionName: prefetchFunctionName(), InvocationType: 'Event', Payload }));
  }
  while (Date.now() < end) {
    if (await lastModified(artifact.object)) return true;
    const last = await readBringing(artifact);
    const isNews = underWay || last?.attempt !== before?.attempt;
    if (last?.failure && isNews) throw new NightshiftError(last.failure.code, last.failure.message);
    await delay(POLL_MS);
  }
  return false;
}
