/** One HTTP request, and what may become of it. */
import * as z from 'zod';
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
  /** Asked of a server that is known to be there, and free to be asked again: a broken connection is waited for, and a fault of it. */
  patient?: boolean;
  /** That the queue is full is the answer, and not waited for. */
  failsWhenFull?: boolean;
  /** No attempt begins later than this. */
  retryForMs?: number;
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
/** The server's own word: gateways answer with that status, too, when they are asked too often. */
const QUEUE_FULL = 'QUEUE_FULL';
const PAYLOAD_TOO_LARGE = 413;
/** What a gateway answers whose server is busy or away. */
const UNAVAILABLE_STATUS = [502, 503, 504];
/** The word for that of the gateway before Nightshift. */
const UNAVAILABLE = 'UNAVAILABLE';
/** What a fault on the server's side is answered with; it says when to ask again, unless it has become of a job. */
const INTERNAL_ERROR = 500;
/** Nightshift's last word, unless it says when to ask again. */
const TRIED_IN_VAIN = [503, 504];

/** 4.5 to 9 s of pauses in all: a connection that broke is there again, or the server is not there. */
const RETRIES = 4;
const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 10_000;
/** A server that says when to ask again is at work: as long as its functions may run. */
const AT_WORK_MS = 900_000;
/** Someone changes networks, or opens the laptop again; something that the server needs is out of order. */
const RECONNECTING_MS = 300_000;
/** Those who are told the same do not come back at the same time: some wait up to half as long again. */
const SPREAD = 0.5;

/**
 * Sends a request that may be sent twice: it is, while the server is busy or the connection broken.
 *
 * @returns the answer, if it is a good one.
 * @throws NightshiftError with the code that the server refuses with; UNEXPECTED_ANSWER if there is none; UNREACHABLE.
 *   The signal's reason if that aborts: at once, unless a request that is to be seen through is on its way.
 */
export async function send(url: string, request: Request): Promise<Answer> {
  const { signal, retryForMs = AT_WORK_MS } = request;
  const begun = performance.now();
  let retries = 0;
  for (let attempt = 0; ; attempt++) {
    try {
      return await sendOnce(url, request);
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      const { askAgainAfterMs = pauseAfter(attempt), patienceMs } = error;
      if (patienceMs === undefined && ++retries > RETRIES) throw error;
      const lastAttemptAt = begun + Math.min(retryForMs, patienceMs ?? AT_WORK_MS);
      if (performance.now() + askAgainAfterMs > lastAttemptAt) throw error;
      await delay(askAgainAfterMs, signal);
    }
  }
}

const pauseAfter = (attempt: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** attempt * (1 + Math.random()), LONGEST_PAUSE_MS);

/** It may go well the next time. */
class PassingError extends NightshiftError {
  /** What the server asks for. */
  askAgainAfterMs?: number;
  /** How long it may last. If that is not known, the request is sent a few times more. */
  patienceMs?: number;
}

async function sendOnce(url: string, request: Request): Promise<Answer> {
  const { method, headers, body: sent, timeoutMs, jobId, signal, seenThrough, fetch = globalThis.fetch } = request;
  signal?.throwIfAborted();
  const timeUp = AbortSignal.timeout(timeoutMs);
  const ending = signal && !seenThrough ? AbortSignal.any([signal, timeUp]) : timeUp;
  let response: Response;
  let body: Uint8Array;
  try {
    // A redirection would carry the key and the witness to wherever it leads.
    response = await fetch(url, { method, headers, body: sent, redirect: 'manual', signal: ending });
    body = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(url, error as Error, request);
  }
  if (isRedirection(response)) throw redirection(url, response, jobId);
  if (!response.ok) throw refusal(url, response, body, request);
  return { headers: response.headers, body };
}

/** A page sees nothing of one but that it is one. */
const isRedirection = ({ type, status }: Response): boolean =>
  type === 'opaqueredirect' || (status >= 300 && status < 400);

function redirection(url: string, { headers, status }: Response, jobId?: string): NightshiftError {
  const location = headers.get('location');
  const target = location === null ? null : URL.parse(location, url);
  const [where, address] = target ? [` to ${target.origin}`, 'that address'] : ['', 'the address that it leads to'];
  const message = `${new URL(url).origin} redirects${where}: name ${address}.`;
  return new NightshiftError('UNEXPECTED_ANSWER', message, { jobId, ...(status > 0 && { status }) });
}

function refusal(
  url: string,
  response: Response,
  body: Uint8Array,
  { jobId, failsWhenFull, patient }: Pick<Request, 'jobId' | 'failsWhenFull' | 'patient'>,
): NightshiftError {
  const { status, headers } = response;
  const text = new TextDecoder().decode(body);
  const told = toldIn(text);
  const { code, detail, instance } = told ?? toldBy(url, response, text);
  const details = { status, jobId: instance?.split('/').at(-1) ?? jobId };
  const retryAfter = retryAfterMs(headers.get('retry-after'));
  const isGateways = told === undefined || code === UNAVAILABLE;
  const isAtWork = retryAfter > 0 && (status === TOO_MANY_REQUESTS || (!isGateways && TRIED_IN_VAIN.includes(status)));
  const hasStumbled = retryAfter > 0 && told !== undefined && status === INTERNAL_ERROR;
  const isAway = isGateways && UNAVAILABLE_STATUS.includes(status);
  const mayPass = isAtWork || hasStumbled || status === TOO_MANY_REQUESTS || isAway;
  if (!mayPass || (failsWhenFull && code === QUEUE_FULL)) return new NightshiftError(code, detail, details);
  const error = new PassingError(code, detail, details);
  if (isAtWork || hasStumbled) error.askAgainAfterMs = retryAfter * (1 + Math.random() * SPREAD);
  if (isAtWork) error.patienceMs = AT_WORK_MS;
  else if (hasStumbled && patient) error.patienceMs = RECONNECTING_MS;
  return error;
}

/** As a problem under /v1, as text with the code before it elsewhere. */
const toldIn = (text: string): z.infer<typeof problem> | undefined =>
  problem.safeParse(parsed(text) ?? text.match(CODE_AND_DETAIL)?.groups).data;

/** What a gateway means, which knows nothing of Nightshift's codes. */
function toldBy(url: string, { status, statusText }: Response, text: string): z.infer<typeof problem> {
  const [address] = url.split('?');
  const said = text.slice(0, DETAIL_CHARACTERS).trim();
  return {
    code: status === PAYLOAD_TOO_LARGE ? 'PAYLOAD_TOO_LARGE' : 'UNEXPECTED_ANSWER',
    detail: `${address} answered ${status} ${statusText}${said && `: ${said}`}`,
  };
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
  { timeoutMs, jobId, patient }: Pick<Request, 'timeoutMs' | 'jobId' | 'patient'>,
): NightshiftError {
  const { origin } = new URL(url);
  const isTimeout = error.name === 'TimeoutError';
  const reason = isTimeout ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error);
  const message = `${origin} can't be reached: ${reason}. Is it running, and the address right?`;
  // That it took so long may be the request's fault.
  if (isTimeout && !patient) return new NightshiftError('UNREACHABLE', message, { jobId });
  const passing = new PassingError('UNREACHABLE', message + (isUntold(error) ? ORIGIN_HINT : ''), {
    cause: error,
    jobId,
  });
  if (patient) passing.patienceMs = RECONNECTING_MS;
  return passing;
}

const ORIGIN_HINT =
  ' Or does it refuse the origin of this page? A local server lets it in with npm start -- --allow-origin <origin>.';

/** A page is not told why a request came to nothing. */
const isUntold = ({ name, cause }: Error): boolean => name === 'TypeError' && cause === undefined;

function reasonOf(error: Error): string {
  const { code, message } = (error.cause ?? error) as Error & { code?: string };
  return message || `${code}`;
}
