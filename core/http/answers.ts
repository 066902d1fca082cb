/** The forms an HTTP answer takes. */
import { STATUS_CODES } from 'node:http';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { NightshiftError, publicError, statusOf } from '../errors.ts';
import { RETRY_AFTER_SECONDS } from '../limits.ts';

type Headers = Record<string, string>;

export const text = (statusCode: number, body: string, headers: Headers = {}): APIGatewayProxyResult => ({
  statusCode,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body,
});

export const json = (statusCode: number, value: unknown, headers: Headers = {}): APIGatewayProxyResult => ({
  statusCode,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

export const binary = (statusCode: number, bytes: Uint8Array, headers: Headers = {}): APIGatewayProxyResult => ({
  statusCode,
  headers: { 'content-type': 'application/octet-stream', ...headers },
  body: Buffer.from(bytes).toString('base64'),
  isBase64Encoded: true,
});

export const empty = (statusCode: number): APIGatewayProxyResult => ({ statusCode, body: '' });

/** Says when the same request is worth repeating, if it is: what went wrong on our side may go well in a moment. */
export function retryAfter(error: unknown): Headers {
  const seconds = error instanceof NightshiftError ? error.retryAfterSeconds : RETRY_AFTER_SECONDS;
  return seconds === undefined ? {} : { 'retry-after': String(seconds) };
}

/** RFC 9457 problem details; `code` is the stable part. @param instance the job that it is about. */
export function problem(error: unknown, instance?: string): APIGatewayProxyResult {
  const { code, message } = publicError(error);
  const status = statusOf(code);
  const details = { type: 'about:blank', title: STATUS_CODES[status], status, detail: message, code, instance };
  return json(status, details, {
    'content-type': 'application/problem+json',
    ...retryAfter(error),
  });
}
