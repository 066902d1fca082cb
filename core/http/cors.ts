/** Cross-origin rules, as the reference has them: any page may ask, and read what it is answered. */

/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE_SECONDS = '3600';
const METHODS = 'POST, GET, PUT, TRACE, OPTIONS, PATCH, DELETE, CONNECT, HEAD';

/** Answers differ by these request headers. */
export const VARY = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';

/** Headers of our own that a page's script may read. */
export const EXPOSED =
  'Idempotent-Replayed, Location, Retry-After, X-Job-Id, X-Nightshift-Version, X-Nightshift-Warning';

type Headers = Record<string, string>;

/** Headers of every answer. @param origin the request's Origin, if it has one. */
export const corsHeaders = (origin: string | undefined): Headers => ({
  'access-control-allow-credentials': 'true',
  vary: VARY,
  ...(origin && { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED }),
});

/**
 * Headers of the answer to a preflight, besides `corsHeaders`. A page of a public site may ask a server on its user's own
 * machine only if that says so (Private Network Access).
 */
export const preflightHeaders = (requestedHeaders: string | undefined, privateNetwork: boolean): Headers => ({
  'access-control-allow-methods': METHODS,
  ...(requestedHeaders && { 'access-control-allow-headers': requestedHeaders }),
  'access-control-max-age': MAX_AGE_SECONDS,
  ...(privateNetwork && { 'access-control-allow-private-network': 'true' }),
});
