/** What the handlers need of an API Gateway proxy event. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { z } from 'zod';
import { NightshiftError } from '../errors.ts';
import { MAX_BODY_BYTES, MAX_JSON_DEPTH } from '../limits.ts';
import { BODY_TOO_LARGE } from './reference-words.ts';
import { unpacked } from './unpacked.ts';

/** Megabytes, maybe, that several readers of one request look at. */
const bodies = new WeakMap<APIGatewayProxyEvent, Buffer>();

/** Unpacked. @throws NightshiftError PAYLOAD_TOO_LARGE; INVALID_REQUEST if it is packed and can't be unpacked. */
export function bodyOf(event: APIGatewayProxyEvent): Buffer {
  const known = bodies.get(event);
  if (known) return known;
  const sent = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (sent.length > MAX_BODY_BYTES) throw new NightshiftError('PAYLOAD_TOO_LARGE', BODY_TOO_LARGE);
  const body = unpacked(sent, headerOf(event, 'content-encoding'));
  bodies.set(event, body);
  return body;
}

export function headerOf({ headers }: APIGatewayProxyEvent, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/**
 * The query's parameters; those that may stand there several times as lists.
 *
 * @throws NightshiftError INVALID_REQUEST if another one does.
 */
export function queryOf({ multiValueQueryStringParameters: all }: APIGatewayProxyEvent, lists: string[] = []) {
  const entries = Object.entries(all ?? {}).map(([name, values = []]) => {
    if (lists.includes(name)) return [name, values];
    if (values.length === 1) return [name, values[0]];
    throw new NightshiftError('INVALID_REQUEST', `The query has ${shortened(name)} more than once.`);
  });
  return Object.fromEntries(entries);
}

/** Longest list of what is wrong with a request, in characters. */
const MAX_PROBLEMS = 2000;

const JSON_TYPE = 'application/json';

export const sendsJson = (event: APIGatewayProxyEvent): boolean =>
  headerOf(event, 'content-type')?.toLowerCase().startsWith(JSON_TYPE) ?? false;

/** Whether JSON is asked for where the reference answers text, which is not taken. Many clients take both by default. */
export function asksForJson(event: APIGatewayProxyEvent): boolean {
  const accepted = (headerOf(event, 'accept') ?? '').split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  return accepted.includes(JSON_TYPE) && !accepted.some((type) => type === '*/*' || type?.startsWith('text/'));
}

/** @throws NightshiftError INVALID_REQUEST that names each field that is wrong. */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  // Issues name paths and expectations, never the values: those may be a witness.
  const problems = result.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  throw new NightshiftError('INVALID_REQUEST', shortened(problems.join('; ')));
}

/** Unknown fields are named, and there may be megabytes of them. */
const shortened = (text: string): string =>
  text.length > MAX_PROBLEMS ? `${text.slice(0, MAX_PROBLEMS).toWellFormed()}…` : text;

/** @throws NightshiftError INVALID_REQUEST if the body is no JSON of this shape. */
export const jsonBodyOf = <S extends z.ZodType>(schema: S, event: APIGatewayProxyEvent): z.infer<S> =>
  parse(schema, jsonIn(event));

/** Whatever JSON the body is. @throws NightshiftError INVALID_REQUEST if it is none, or nested too deeply. */
export function jsonIn(event: APIGatewayProxyEvent): unknown {
  const text = bodyOf(event).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NightshiftError('INVALID_REQUEST', 'The body is not valid JSON.');
  }
  if (isWithin(MAX_JSON_DEPTH, value)) return value;
  throw new NightshiftError('INVALID_REQUEST', `The body is nested more than ${MAX_JSON_DEPTH} levels deep.`);
}

/** Parsing goes as deep as it is told to; what looks at it afterwards may not. */
const isWithin = (levels: number, value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((inner) => isWithin(levels - 1, inner)));
