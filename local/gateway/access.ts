/**
 * Who may ask a server on somebody's own machine: nobody under a foreign host name (DNS rebinding), and below `/v1` no page
 * of a foreign origin that was not allowed to, since there are no keys that would keep it from listing or cancelling a
 * developer's jobs.
 */
import type { IncomingMessage } from 'node:http';
import { forbidden, type Refusal } from './refusal.ts';

const THIS_MACHINE = /^(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;
const V1 = /^\/v1(?:\/|$)/i;
/** Routers decode and tidy up paths: one that is not plain could still lead below `/v1`. */
const PLAIN_PATH = /^(?:\/[\w-]+)*\/?$/;

/**
 * Why a request may not pass, if it may not. One without Origin comes from no page's script.
 *
 * @param allowedOrigins whose pages may use `/v1`, as browsers write them.
 */
export function objectionTo(
  { url = '', headers: { host = '', origin } }: IncomingMessage,
  allowedOrigins: readonly string[],
): Refusal | undefined {
  if (!THIS_MACHINE.test(host)) {
    return forbidden('The Host header must name this machine: localhost, a name below it, 127.0.0.1 or [::1].');
  }
  if (origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`) return undefined;
  if (allowedOrigins.includes(origin)) return undefined;
  const [path = ''] = url.split('?');
  if (PLAIN_PATH.test(path) && !V1.test(path)) return undefined;
  return forbidden(
    'Pages of other origins may not use /v1 of a server on your own machine. Start it with --allow-origin and the ' +
      'origin of your page, ask from a program, or use /prove.',
  );
}
