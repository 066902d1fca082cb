/** One HTTP request, and what may become of it. */
import pRetry from 'p-retry';
import { z } from 'zod';
import { CliError, EXIT } from './error.ts';

const problem = z.object({ code: z.string(), detail: z.string() });

/** What a server answers that is busy, or a gateway before it. */
const BUSY = [429, 502, 503, 504];
/** 4.5 s in all: a connection that broke is there again, or the server is not there. */
const PATIENCE = { retries: 4, minTimeout: 300 };
const DETAIL_CHARACTERS = 500;

export interface Request extends RequestInit {
  timeoutMs: number;
}

/**
 * Sends a request that may be sent twice: it is, while the server is busy or the connection broken.
 *
 * @returns the answer, if it is a good one.
 * @throws CliError with the code of the server's problem; UNEXPECTED_ANSWER if it has none; UNREACHABLE.
 */
export function send(url: string, request: Request): Promise<Response> {
  return pRetry(() => sendOnce(url, request), {
    ...PATIENCE,
    shouldRetry: ({ error }) => error instanceof PassingError,
  });
}

/** It may go well the next time. */
class PassingError extends CliError {}

async function sendOnce(url: string, { timeoutMs, ...init }: Request): Promise<Response> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch((error) => {
    throw unreachable(url, error, timeoutMs);
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response: Response): Promise<CliError> {
  const { status, statusText, url } = response;
  const text = await response.text();
  const { data } = problem.safeParse(parsed(text));
  const said = text.slice(0, DETAIL_CHARACTERS).trim();
  const Refusal = BUSY.includes(status) ? PassingError : CliError;
  return data
    ? new Refusal(data.code, EXIT.refused, data.detail)
    : new Refusal('UNEXPECTED_ANSWER', EXIT.refused, `${url} answered ${status} ${statusText}${said && `: ${said}`}`);
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
    `${new URL(url).origin} can't be reached: ${why}. Is it running, and is --url right?`;
  if (error.name === 'TimeoutError') {
    return new CliError('UNREACHABLE', EXIT.unreachable, message(`no answer within ${timeoutMs / 1000} s`));
  }
  const { code, message: reason } = (error.cause ?? error) as NodeJS.ErrnoException;
  return new PassingError('UNREACHABLE', EXIT.unreachable, message(reason || `${code}`), { cause: error });
}
