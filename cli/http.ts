/** One HTTP request, and what may become of it. */
import { setTimeout as delay } from 'node:timers/promises';
import pRetry from 'p-retry';
import { z } from 'zod';
import { CliError, EXIT } from './error.ts';

const problem = z.object({ code: z.string(), detail: z.string() });
const CODE_AND_DETAIL = /^(?<code>[A-Z_]+): (?<detail>.+)$/s;

/** What a server answers that is busy, or a gateway before it. */
const BUSY = [429, 502, 503, 504];
/** 4.5 s in all: a connection that broke is there again, or the server is not there. */
const RETRIES = { retries: 4, minTimeout: 300 };
/** A server that says when to ask again is at work: as long as its functions may run. */
const PATIENCE = { maxRetryTime: 900_000 };
const DETAIL_CHARACTERS = 500;

export interface Request extends RequestInit {
  timeoutMs: number;
}

/**
 * Sends a request that may be sent twice: it is, while the server is busy or the connection broken.
 *
 * @returns the answer, if it is a good one.
 * @throws CliError with the code that the server refuses with; UNEXPECTED_ANSWER if there is none; UNREACHABLE.
 */
export function send(url: string, request: Request): Promise<Response> {
  return pRetry(() => sendOnce(url, request), {
    ...RETRIES,
    ...PATIENCE,
    shouldRetry: ({ error }) => error instanceof PassingError,
    shouldConsumeRetry: ({ error }) => askAgainAfter(error) === 0,
    onFailedAttempt: ({ error }) => delay(askAgainAfter(error)),
  });
}

/** It may go well the next time. */
class PassingError extends CliError {
  /** What the server asks for; 0 if it does not say. */
  askAgainAfterMs = 0;
}

const askAgainAfter = (error: Error): number => (error instanceof PassingError ? error.askAgainAfterMs : 0);

async function sendOnce(url: string, { timeoutMs, ...init }: Request): Promise<Response> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch((error) => {
    throw unreachable(url, error, timeoutMs);
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response: Response): Promise<CliError> {
  const { code, detail } = await told(response);
  if (!BUSY.includes(response.status)) return new CliError(code, EXIT.refused, detail);
  const error = new PassingError(code, EXIT.refused, detail);
  error.askAgainAfterMs = 1000 * (Number(response.headers.get('retry-after')) || 0);
  return error;
}

/** What the answer says: as a problem under /v1, as text with the code before it elsewhere. */
async function told(response: Response): Promise<z.infer<typeof problem>> {
  const { url, status, statusText } = response;
  // Without the query: that of a presigned URL lets whoever reads it in.
  const [address] = url.split('?');
  const text = await response.text();
  const { data } = problem.safeParse(parsed(text) ?? text.match(CODE_AND_DETAIL)?.groups);
  const said = text.slice(0, DETAIL_CHARACTERS).trim();
  return (
    data ?? { code: 'UNEXPECTED_ANSWER', detail: `${address} answered ${status} ${statusText}${said && `: ${said}`}` }
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(url: string, error: Error, timeoutMs: number): CliError {
  const message = (why: string) =>
    `${new URL(url).origin} can't be reached: ${why}. Is it running, and the address right?`;
  if (error.name === 'TimeoutError') {
    return new CliError('UNREACHABLE', EXIT.unreachable, message(`no answer within ${timeoutMs / 1000} s`));
  }
  const { code, message: reason } = (error.cause ?? error) as NodeJS.ErrnoException;
  return new PassingError('UNREACHABLE', EXIT.unreachable, message(reason || `${code}`), { cause: error });
}
