/**
 * Who may ask a server on somebody's own machine that asks for no keys. Nobody may under a foreign host name (DNS rebinding). Pages of foreign
 * origins may not either where that would do harm, unless they are allowed to: a browser sends what they ask for, whoever
 * made them.
 */
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { NightshiftError } from '../../core/errors.ts';
import { forbidden } from './refusal.ts';

const THIS_MACHINE = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;
const V1 = /^\/v1(?:\/|$)/i;
/** Routers decode and tidy up paths: one that is not plain could still lead below `/v1`. */
const PLAIN_PATH = /^(?:\/[\w-]+)*\/?$/;

/** Wallets in browsers are extensions, which their user has installed. */
const EXTENSION = /^(?:chrome|moz|safari-web)-extension:\/\//;

/**
 * Why a request to the API may not pass, if it may not: below `/v1` there are no keys that would keep a page from listing
 * or cancelling a developer's jobs. A request without Origin comes from no page's script.
 *
 * @param allowedOrigins whose pages may use `/v1`, as browsers write them.
 */
export function objectionTo(incoming: IncomingMessage, allowedOrigins: readonly string[]): NightshiftError | undefined {
  const { url = '', headers } = incoming;
  const { host = '', origin } = headers;
  if (!THIS_MACHINE.test(host)) return FOREIGN_HOST;
  if (origin === undefined || origin.toLowerCase() === `${protocolOf(incoming)}://${host.toLowerCase()}`)
    return undefined;
  if (allowedOrigins.includes(origin)) return undefined;
  const [path = ''] = url.split('?');
  if (PLAIN_PATH.test(path) && !V1.test(path)) return undefined;
  return forbidden(
    'Pages of other origins may not use /v1 of a server on your own machine. Start it with --allow-origin and the ' +
      'origin of your page, ask from a program, or use /prove.',
  );
}

/**
 * Why a request to a server that spends its user's money may not pass, if it may not. Programs, browser extensions and
 * pages of this machine may ask.
 *
 * @param allowedOrigins whose pages may, too, as browsers write them.
 */
export function objectionToSpending(
  { headers: { host = '', origin } }: IncomingMessage,
  allowedOrigins: readonly string[],
): NightshiftError | undefined {
  if (!THIS_MACHINE.test(host)) return FOREIGN_HOST;
  if (origin === undefined || EXTENSION.test(origin) || isOfThisMachine(origin)) return undefined;
  if (allowedOrigins.includes(origin)) return undefined;
  return forbidden(
    `Pages of ${origin} may not have proofs made here: they are at your cost. Start it with --allow-origin ${origin} ` +
      'if you trust them.',
  );
}

/** That a request came by. */
export const protocolOf = ({ socket }: IncomingMessage): 'http' | 'https' =>
  socket instanceof TLSSocket ? 'https' : 'http';

const FOREIGN_HOST = forbidden(
  'The Host header must name this machine: localhost, a name below it, 127.0.0.1 or [::1].',
);

const isOfThisMachine = (origin: string): boolean => THIS_MACHINE.test(URL.parse(origin)?.host ?? '');
