/** Questions that are answered at once, and JSON bodies: passed on as they come, with the key. */
import type { IncomingHttpHeaders } from 'node:http';
import { unreachable } from '../../client/http.ts';
import { API_KEY_HEADER } from '../../core/access/header.ts';
import type { Deployment } from '../deployment.ts';
import type { Reply } from './reply.ts';

export interface Passing {
  method: string;
  /** Path and query at the deployment. */
  target: string;
  headers: IncomingHttpHeaders;
  /** Nothing of a GET. */
  body: Buffer<ArrayBuffer>;
  hangUp: AbortSignal;
}

const ASKED = ['accept', 'content-type', 'content-encoding'];
const ANSWERED = ['content-type', 'retry-after', 'x-job-id', 'x-nightshift-version', 'x-nightshift-warning'];

/** Longer than API Gateway lets anything take. */
const TIMEOUT_MS = 60_000;

/** @throws NightshiftError UNREACHABLE of the client; the reason of `hangUp` if that aborts. */
export async function passOn(
  { url, apiKey }: Deployment,
  { method, target, headers, body, hangUp }: Passing,
): Promise<Reply> {
  const signal = AbortSignal.any([hangUp, AbortSignal.timeout(TIMEOUT_MS)]);
  const sent = { ...only(ASKED, headers), ...(apiKey && { [API_KEY_HEADER]: apiKey }) };
  try {
    // A redirection would carry the key to wherever it leads.
    const answer = await fetch(`${url}${target}`, {
      method,
      headers: sent,
      body: body.length > 0 ? body : null,
      signal,
      redirect: 'manual',
    });
    return {
      status: answer.status,
      headers: only(ANSWERED, Object.fromEntries(answer.headers)),
      body: await answer.bytes(),
    };
  } catch (error) {
    hangUp.throwIfAborted();
    throw unreachable(url, error as Error, { timeoutMs: TIMEOUT_MS });
  }
}

const only = (names: string[], headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, `${headers[name]}`]])));
