/** What the proxy answers. */
import { NightshiftError } from '../../client/index.ts';
import * as core from '../../core/errors.ts';
import { BODY_TOO_LARGE, refusalInWords, type Words } from '../../core/http/reference-words.ts';

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

export const TOO_LARGE: Reply = inWords({
  status: 413,
  text: `${BODY_TOO_LARGE} nightshift push registers it; nightshift proxy --contract looks its circuits up.`,
});

const BAD_GATEWAY = 502;

/** In the reference's words where it has any. @throws the error if it is none of Nightshift's. */
export function refusal(error: unknown): Reply {
  if (error instanceof core.NightshiftError) return inWords(refusalInWords(error.code, error.message));
  if (!(error instanceof NightshiftError)) throw error;
  const { code, message, status = BAD_GATEWAY, jobId } = error;
  const headers: Record<string, string> = jobId === undefined ? {} : { 'x-job-id': jobId };
  if (core.isErrorCode(code)) return inWords(refusalInWords(code, message), headers);
  if (status === TOO_LARGE.status) return TOO_LARGE;
  const hint = status === 401 || status === 403 ? ' Start nightshift proxy with the right --api-key.' : '';
  return inWords({ status, text: `${code}: ${message}${hint}` }, headers);
}
