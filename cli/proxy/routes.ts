/** The compatible wire: what is asked for below which path. Everything else is answered 404, as the reference does. */
import type { TaggedKind } from '../../core/jobs/tagged-body.ts';

export interface Route {
  /** Path and query at the deployment. */
  target: string;
  /** What the tagged body is that becomes a job there. All other requests are passed on. */
  jobOf?: TaggedKind;
  /** The contract that the circuit is looked up in. */
  contract?: string;
}

const QUESTION = /^\/(?:health|ready|version|proof-versions|fetch-params\/[^/]+)?$/;
const WORK = /^(?:\/contracts\/(?<named>[^/]+))?\/(?<endpoint>prove|check|k|prove-tx)$/;
const KINDS: Record<string, TaggedKind | undefined> = { prove: 'prove', check: 'check', 'prove-tx': 'transaction' };

/** @param ownContract where circuits are looked up if the path names no contract */
export function routeOf(method: string, url: string, ownContract?: string): Route | undefined {
  const [path = '', query] = url.split('?');
  const search = query === undefined ? '' : `?${query}`;
  if (method === 'GET') return QUESTION.test(path) ? { target: path + search } : undefined;
  const { endpoint, named } = (method === 'POST' && path.match(WORK)?.groups) || {};
  if (endpoint === undefined) return undefined;
  const jobOf = KINDS[endpoint];
  // It brings what it needs of its contracts.
  if (jobOf === 'transaction') return named ? undefined : { target: path + search, jobOf };
  const contract = named ?? ownContract;
  const prefix = contract ? `/contracts/${contract}` : '';
  return { target: `${prefix}/${endpoint}${search}`, jobOf, contract };
}
