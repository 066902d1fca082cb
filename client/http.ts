/** One HTTP request, and what may become of it. */
import pRetry from 'p-retry';
import { z } from 'zod';
import { delay } from './abort.ts';
import { NightshiftError } from './error.ts';

export type Fetch = typeof globalThis.fetch;

export interface Request {
  method?: string;
  headers?: Headers;
  body?: string | Uint8Array<ArrayBuffer> | Blob;
  /** For the whole answer to be there. */
  timeoutMs: number;
  /** The job that the request is about: errors name it. */
  jobId?: string;
  signal?: AbortSignal;
  /** Once it is sent, the signal does not end it: only its answer says what came of it. */
  seenThrough?: boolean;
  fetch?: Fetch;
}

export interface Answer {
  headers: Headers;
  body: Uint8Array;
}

/** The part of a problem that tells; `instance` is the path of a job. */
const problem = z.object({ code: z.string(), detail: z.string(), instance: z.string().optional() });
const CODE_AND_DETAIL = /^(?<code>[A-Z_]+): (?<detail>.+)$/s;
const DETAIL_CHARACTERS = 500;

const TOO_MANY_REQUESTS = 429;
/** What a gateway answers whose server is busy or away; or Nightshift, as its last word unless it says when to ask again. */
const UNAVAILABLE = [502, 503, 504];
/** 4.5 to 9 s in all: a connection that broke is there again, or the server is not there. */
const RETRIES = { retries: 4, minTimeout: 300, randomize: true };
/** A server that says when to ask again is at work: as long as its functions may run. */
const PATIENCE = { maxRetryTime: 900_000 };
/** Those who are told the same do not come back at the same time: some wait up to half as long again. */
const SPREAD = 0.5;

/**
 * Sends a request that may be sent twice: it is, while the server is busy or the connection broken.
 *
 * @returns the answer, if it is a good one.
 * @throws NightshiftError with the code that the server refuses with; UNEXPECTED_ANSWER if there is none; UNREACHABLE.
 *   The signal's reason if that aborts.
 */
export function send(url: string, request: Request): Promise<Answer> {
  const { signal, seenThrough } = request;
  return pRetry(() => sendOnce(url, request), {
    ...RETRIES,
    ...PATIENCE,
    signal: seenThrough ? undefined : signal,
    shouldRetry: ({ error }) => error instanceof PassingError,
    shouldConsumeRetry: ({ error }) => askAgainAfter(error) === 0,
    onFailedAttempt: ({ error }) => delay(askAgainAfter(error), signal),
  });
}

/** It may go well the next time. */
class PassingError extends NightshiftError {
  /** What the server asks for; 0 if it does not say. */
  askAgainAfterMs = 0;
}

const askAgainAfter = (error: Error): number => (error instanceof PassingError ? error.askAgainAfterMs : 0);

async function sendOnce(url: string, request: Request): Promise<Answer> {
  const { timeoutMs, jobId, signal, seenThrough, fetch = globalThis.fetch, ...init } = request;
  signal?.throwIfAborted();
  const timeUp = AbortSignal.timeout(timeoutMs);
  const ending = signal && !seenThrough ? AbortSignal.any([signal, timeUp]) : timeUp;
  let response: Response;
  let body: Uint8Array;
  try {
    response = await fetch(url, { ...init, signal: ending });
    body = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(url, error as Error, request);
  }
  if (!response.ok) throw refusal(response, body, jobId);
  return { headers: response.headers, body };
}

function refusal(response: Response, body: Uint8Array, jobId?: string): NightshiftError {
  const { status, headers } = response;
  const { code, detail, instance } = told(response, new TextDecoder().decode(body));
  const details = { status, jobId: instance?.split('/').at(-1) ?? jobId };
  const askAgainAfterMs = retryAfterMs(headers.get('retry-after'));
  const mayPass =
    status === TOO_MANY_REQUESTS ||
    (UNAVAILABLE.includes(status) && (askAgainAfterMs > 0 || code === 'UNEXPECTED_ANSWER'));
  if (!mayPass || askAgainAfterMs > PATIENCE.maxRetryTime) return new NightshiftError(code, detail, details);
  const error = new PassingError(code, detail, details);
  error.askAgainAfterMs = askAgainAfterMs * (1 + Math.random() * SPREAD);
  return error;
}

/** What the answer says: as a problem under /v1, as text with the code before it elsewhere. */
function told({ url, status, statusText }: Response, text: string): z.infer<typeof problem> {
  // Without the query: that of a presigned URL lets whoever reads it in.
  const [address] = url.split('?');
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

/** @param value seconds, or a date; 0 if there is neither. */
function retryAfterMs(value: string | null): number {
  if (value === null) return 0;
  const seconds = Number(value);
  const ms = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return ms > 0 ? ms : 0;
}

/** @param error that `fetch` rejected with */
export function unreachable(
  url: string,
  error: Error,
  { timeoutMs, jobId }: Pick<Request, 'timeoutMs' | 'jobId'>,
): NightshiftError {
  const message = (why: string) =>
    `${new URL(url).origin} can't be reached: ${why}. Is it running, and the address right?`;
  if (error.name === 'TimeoutError') {
    return new NightshiftError('UNREACHABLE', message(`no answer within ${timeoutMs / 1000} s`), { jobId });
  }
  const { code, message: reason } = (error.cause ?? error) as Error & { code?: string };
  return new PassingError('UNREACHABLE', message(reason || `${code}`), { cause: error, jobId });
}
