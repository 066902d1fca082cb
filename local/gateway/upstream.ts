/**
 * Passes requests on to the emulated API and enforces what API Gateway and Lambda enforce in the cloud and the emulated
 * AWS does not, so that nothing works here that would fail there.
 */
import { once } from 'node:events';
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { API_KEY_HEADER } from '../../core/access/header.ts';
import type { NightshiftError } from '../../core/errors.ts';
import { FAILED, MALFORMED, TIMED_OUT } from '../../core/http/gateway-refusals.ts';
import { MAX_BODY_BYTES } from '../../core/limits.ts';
import { protocolOf } from './access.ts';
import { readBody } from './read-body.ts';
import { tooLarge } from './refusal.ts';

export interface Upstream {
  agent: Agent;
  /** The emulated API with its stage; a request's path is appended. */
  address: string;
  /** Takes the place of whatever API key a request has. */
  apiKey?: string;
  timeoutMs: number;
  /** Largest body, where that is less than what a function takes. */
  maxPayloadBytes: number;
}

/** Headers that concern one connection only (RFC 9110, 7.6.1), and Host, which names the upstream. */
const NOT_PASSED_ON = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Asks upstream and passes the answer on.
 *
 * @returns what to answer instead, if no answer came.
 * @throws if the client or, in the midst of its answer, the upstream went away.
 */
export async function passOn(
  incoming: IncomingMessage,
  answer: ServerResponse,
  { agent, address, apiKey, timeoutMs, maxPayloadBytes }: Upstream,
): Promise<NightshiftError | undefined> {
  const { url = '' } = incoming;
  if (leadsElsewhere(url)) return MALFORMED;
  // The whole of it, as API Gateway reads it before it calls a function.
  const body = await readBody(incoming, Math.min(maxPayloadBytes, MAX_BODY_BYTES));
  if (!body) return tooLarge(maxPayloadBytes);
  const headers = { ...upstreamHeaders(incoming, body), ...(apiKey && { [API_KEY_HEADER]: apiKey }) };
  const disconnect = new AbortController();
  answer.on('close', () => disconnect.abort());
  const signal = AbortSignal.any([disconnect.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const { hostname, port, pathname } = new URL(address);
    // Not as a URL: that would be tidied up.
    const target = { hostname, port, path: pathname + url };
    const outgoing = request({ ...target, agent, method: incoming.method, headers, signal });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.writeHead(response.statusCode ?? 502, withoutHopByHop(response.headers));
    await pipeline(response, answer);
  } catch (error) {
    if (disconnect.signal.aborted || answer.headersSent) throw error;
    return signal.aborted ? TIMED_OUT : FAILED;
  }
}

const DOT_SEGMENT = /(?:[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:$|[/\\]|%2f|%5c)/i;

/** Whether a path may lead out of the API, to other services of the emulated AWS, once somebody tidies it up. */
function leadsElsewhere(url: string): boolean {
  const [path = ''] = url.split(/[?#]/);
  return !path.startsWith('/') || DOT_SEGMENT.test(path);
}

function upstreamHeaders(incoming: IncomingMessage, body: Buffer): IncomingHttpHeaders {
  const headers = withoutHopByHop(incoming.headers);
  const forwardedFor = [headers['x-forwarded-for'], incoming.socket.remoteAddress].filter(Boolean).join(', ');
  return {
    // The emulated API takes a body without a type for text, and sends binary answers as base64 unless told what is accepted.
    accept: '*/*',
    ...(body.length > 0 && { 'content-type': 'application/octet-stream' }),
    ...headers,
    'content-length': String(body.length),
    'x-forwarded-for': forwardedFor,
    'x-forwarded-proto': protocolOf(incoming),
  };
}

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.has(name) && !named.includes(name)),
  );
}
