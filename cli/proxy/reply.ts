/** What the proxy answers. */
import { type Job, NightshiftError } from '../../client/index.ts';
import * as core from '../../core/errors.ts';
import { BODY_TOO_LARGE, failureInWords, refusalInWords, type Words } from '../../core/http/reference-words.ts';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body?: Uint8Array | string;
}

export const NOT_FOUND: Reply = { status: 404, headers: {} };

export const inWords = ({ status, text }: Words, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: text,
});

const NO_KEYS = 'nightshift push registers a contract; nightshift proxy --contract looks its circuits up.';

export const TOO_LARGE: Reply = inWords({ status: 413, text: `${BODY_TOO_LARGE} ${NO_KEYS}` });

/** What to do about answers that come from before the API. */
const ADVICE: Record<number, string> = {
  401: 'Start nightshift proxy with the right --api-key.',
  403: 'Start nightshift proxy with the right --api-key.',
  413: NO_KEYS,
};

const BAD_GATEWAY = 502;

/**
 * To a job that came to nothing. What a newer server calls by a name that is not known here is not answered 500: clients
 * of the reference would ask again at once, and have another proof made.
 */
export const failure = ({ code, message }: NonNullable<Job['error']>, headers: Record<string, string>): Reply =>
  inWords(
    core.isErrorCode(code) ? failureInWords(code, message) : { status: BAD_GATEWAY, text: `${code}: ${message}` },
    headers,
  );

/** In the reference's words where it has any. @throws the error if it is none of Nightshift's. */
export function refusal(error: unknown): Reply {
  if (error instanceof core.NightshiftError) return inWords(refusalInWords(error.code, error.message));
  if (!(error instanceof NightshiftError)) throw error;
  const { code, message, jobId } = error;
  // A redirection that was not followed is none for the proxy's clients.
  const status = error.status !== undefined && error.status >= 400 ? error.status : BAD_GATEWAY;
  const headers: Record<string, string> = jobId === undefined ? {} : { 'x-job-id': jobId };
  if (core.isErrorCode(code) && code !== 'UNAUTHENTICATED') return inWords(refusalInWords(code, message), headers);
  const text = [`${code}: ${message}`, ADVICE[status]].filter(Boolean).join(' ');
  return inWords({ status, text }, headers);
}
