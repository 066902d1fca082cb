/** What the handlers need of an API Gateway proxy event. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { z } from 'zod';
import { NightshiftError } from '../errors.ts';

export const bodyOf = ({ body, isBase64Encoded }: APIGatewayProxyEvent): Buffer =>
  Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');

export function headerOf({ headers }: APIGatewayProxyEvent, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/** @throws NightshiftError INVALID_REQUEST that names each field that is wrong. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Issues name paths and expectations, never the values: those may be a witness.
  const problems = result.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  throw new NightshiftError('INVALID_REQUEST', problems.join('; '));
}

/** @throws NightshiftError INVALID_REQUEST if the body is no JSON of this shape. */
export function jsonBodyOf<S extends z.ZodType>(schema: S, event: APIGatewayProxyEvent): z.infer<S> {
  let value: unknown;
  try {
    value = JSON.parse(bodyOf(event).toString('utf8'));
  } catch {
    throw new NightshiftError('INVALID_REQUEST', 'The body is not valid JSON.');
  }
  return parse(schema, value);
}
