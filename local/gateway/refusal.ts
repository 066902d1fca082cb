/** What the gateway answers by itself. */
import type { ServerResponse } from 'node:http';
import { NightshiftError, statusOf } from '../../core/errors.ts';
import { problem } from '../../core/http/answers.ts';
import { corsHeaders } from '../../core/http/cors.ts';
import { BODY_TOO_LARGE } from '../../core/http/reference-words.ts';
import { MAX_BODY_BYTES, RETRY_AFTER_SECONDS } from '../../core/limits.ts';

export interface Refusal {
  status: number;
  type: 'application/json' | 'application/problem+json' | 'text/plain; charset=utf-8';
  body: string;
  retryAfterSeconds?: number;
}

/** The address or the page that a request names may not be served. */
export const forbidden = (detail: string): Refusal => ({
  status: statusOf('FORBIDDEN'),
  type: 'application/problem+json',
  body: problem(new NightshiftError('FORBIDDEN', detail)).body,
});

/** @param maxPayloadBytes what this gateway takes; where that is no less than what a function takes, the latter counts. */
export const tooLarge = (maxPayloadBytes: number): Refusal => ({
  status: 413,
  type: 'text/plain; charset=utf-8',
  body:
    maxPayloadBytes < MAX_BODY_BYTES
      ? `The body is too large: this server was started to take up to ${maxPayloadBytes} bytes (--max-payload-size).`
      : BODY_TOO_LARGE,
});

export const tooMany = (retryAfterSeconds: number): Refusal => message(429, 'Too Many Requests', retryAfterSeconds);

/** Clients of the reference server ask again after a 503, and after no other status from 500. */
export const unavailable = (reason: string): Refusal => message(503, reason, RETRY_AFTER_SECONDS);

/** The form of API Gateway's own answers. */
function message(status: number, text: string, retryAfterSeconds: number): Refusal {
  return { status, type: 'application/json', body: JSON.stringify({ message: text }), retryAfterSeconds };
}

/** Answers, unless an answer has begun already. */
export function refuse(answer: ServerResponse, { status, type, body, retryAfterSeconds }: Refusal): void {
  if (answer.headersSent) return;
  // A client that is still sending hears the answer only after that.
  answer.req.resume();
  answer
    .writeHead(status, {
      'content-type': type,
      // A page that is kept out may not read why.
      ...(status !== statusOf('FORBIDDEN') && corsHeaders(answer.req.headers.origin)),
      ...(retryAfterSeconds && { 'retry-after': String(retryAfterSeconds) }),
    })
    .end(body);
}
