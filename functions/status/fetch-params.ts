import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { paramsFor } from '../../core/circuits/params.ts';
import { fetchesParams, prefetchFunctionName } from '../../core/config.ts';
import { NightshiftError } from '../../core/errors.ts';
import { empty, json, text } from '../../core/http/answers.ts';
import { asksForJson } from '../../core/http/event.ts';
import { downloadUrl, lastModified } from '../../core/store/objects.ts';

const LARGEST_PUBLISHED_K = 25;
/** The reference reads a byte; what is none is no such path to it. */
const BYTE = z
  .string()
  .regex(/^\+?\d+$/)
  .pipe(z.coerce.number<string>().max(255));

const lambda = new LambdaClient();

/** `GET /fetch-params/{k}`: has the public parameters for that size at hand, and says `success` once they are. */
export async function fetchParams(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { data: k } = BYTE.safeParse(event.pathParameters?.k);
  if (!fetchesParams() || k === undefined) return empty(404);
  if (k > LARGEST_PUBLISHED_K) return text(400, `k=${k} out of range`);
  const { object } = paramsFor(k);
  if (!(await lastModified(object))) await bring(k);
  return asksForJson(event) ? json(200, { k, params_url: await downloadUrl(object) }) : text(200, 'success');
}

/** @throws NightshiftError PARAMS_UNAVAILABLE */
async function bring(k: number): Promise<void> {
  const Payload = JSON.stringify({ k });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: prefetchFunctionName(), Payload }));
  if (answer.FunctionError) throw new Error(`prefetch failed: ${answer.FunctionError}`);
  const { params } = outcome.parse(JSON.parse(answer.Payload?.transformToString() ?? ''));
  const became = params[`k=${k}`];
  if (became !== 'present' && became !== 'made') {
    throw new NightshiftError('PARAMS_UNAVAILABLE', `The parameters for k=${k} are ${became}`);
  }
}

const outcome = z.object({ params: z.record(z.string(), z.string()) });
