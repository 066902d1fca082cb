/** What the gateway answers by itself, in the form of API Gateway's own answers. */
import type { ServerResponse } from 'node:http';
import { NightshiftError } from '../../core/errors.ts';
import { corsHeaders } from '../../core/http/cors.ts';
import { gatewayAnswer, TOO_LARGE } from '../../core/http/gateway-refusals.ts';
import { MAX_BODY_BYTES } from '../../core/limits.ts';

/** The address or the page that a request names may not be served. */
export const forbidden = (detail: string): NightshiftError => new NightshiftError('FORBIDDEN', detail);

/** @param maxPayloadBytes what this gateway takes; where that is no less than what a function takes, the latter counts. */
export const tooLarge = (maxPayloadBytes: number): NightshiftError =>
  maxPayloadBytes < MAX_BODY_BYTES
    ? new NightshiftError(
        'PAYLOAD_TOO_LARGE',
        `The body is too large: this server was started to take up to ${maxPayloadBytes} bytes (--max-payload-size).`,
      )
    : TOO_LARGE;

/** Answers, unless an answer has begun already. */
export function refuse(answer: ServerResponse, refusal: NightshiftError): void {
  if (answer.headersSent) return;
  // A client that is still sending hears the answer only after that.
  answer.req.resume();
  const { statusCode, headers, body } = gatewayAnswer(refusal);
  // A page that is kept out may not read why.
  const readable = refusal.code === 'FORBIDDEN' ? {} : corsHeaders(answer.req.headers.origin);
  answer.writeHead(statusCode, { ...readable, ...(headers as Record<string, string>) }).end(body);
}
