import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Parameters } from '../../core/api/parameters.ts';
import type { ParameterSet } from '../../core/circuits/parameter-set.ts';
import { LARGEST_PARAMS_K, paramsFor } from '../../core/circuits/params.ts';
import { json } from '../../core/http/answers.ts';
import { objectsUnder, PARAMS_PREFIX } from '../../core/store/objects.ts';

/** `GET /v1/parameters`: which public parameters are at hand. */
export async function parameters(): Promise<APIGatewayProxyResult> {
  const stored = new Set(await objectsUnder(PARAMS_PREFIX));
  const view: Parameters = { midnight: sizesIn(stored, 'midnight'), development: sizesIn(stored, 'development') };
  return json(200, view);
}

const sizesIn = (stored: Set<string>, set: ParameterSet): number[] =>
  Array.from({ length: LARGEST_PARAMS_K[set] + 1 }, (_, k) => k).filter((k) => stored.has(paramsFor(k, set).object));
