/**
 * Passes requests on to the emulated API and enforces what API Gateway and Lambda enforce in the cloud and the emulated
 * AWS does not, so that nothing works here that would fail there.
 */
import { once } from 'node:events';
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { NightshiftError } from '../../core/errors.ts';
import { FAILED, TIMED_OUT } from '../../core/http/gateway-refusals.ts';
import { INVOKE_PAYLOAD_BYTES } from '../../core/limits.ts';
import { readBody } from './read-body.ts';
import { tooLarge } from './refusal.ts';

export interface Upstream {
  agent: Agent;
  /** The emulated API with its stage; a request's path is appended. */
  address: string;
  /** Takes the place of whatever API key a request has. */
  apiKey?: string;
  timeoutMs: number;
  /** Largest body. */
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
  // The whole of it, as API Gateway reads it before it calls a function.
  const body = await readBody(incoming, maxPayloadBytes);
  const headers = { ...upstreamHeaders(incoming, body), ...(apiKey && { 'x-api-key': apiKey }) };
  if (!body || eventBytes(body, headers, incoming.url ?? '') > INVOKE_PAYLOAD_BYTES) return tooLarge(maxPayloadBytes);
  const disconnect = new AbortController();
  answer.on('close', () => disconnect.abort());
  const signal = AbortSignal.any([disconnect.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const outgoing = request(`${address}${incoming.url}`, { agent, method: incoming.method, headers, signal });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.writeHead(response.statusCode ?? 502, withoutHopByHop(response.headers));
    await pipeline(response, answer);
  } catch (error) {
    if (disconnect.signal.aborted || answer.headersSent) throw error;
    return signal.aborted ? TIMED_OUT : FAILED;
  }
}

/** Size of the event a function is called with: the body in base64, the headers twice. */
function eventBytes(body: Buffer, headers: IncomingHttpHeaders, url: string): number {
  return Math.ceil(body.length / 3) * 4 + 2 * JSON.stringify(headers).length + 2 * url.length;
}

function upstreamHeaders(incoming: IncomingMessage, body: Buffer | undefined): IncomingHttpHeaders {
  const headers = withoutHopByHop(incoming.headers);
  const forwardedFor = [headers['x-forwarded-for'], incoming.socket.remoteAddress].filter(Boolean).join(', ');
  return {
    // The emulated API takes a body without a type for text, and sends binary answers as base64 unless told what is accepted.
    accept: '*/*',
    ...(body?.length && { 'content-type': 'application/octet-stream' }),
    ...headers,
    'content-length': String(body?.length ?? 0),
    'x-forwarded-for': forwardedFor,
    'x-forwarded-proto': 'http',
  };
}

function withoutHopByHop(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.has(name) && !named.includes(name)),
  );
}
