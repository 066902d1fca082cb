/**
 * The address of the local stack: passes requests on to the emulated API and enforces what API Gateway and Lambda
 * enforce in the cloud and the emulated AWS does not, so that nothing works here that would fail there.
 */
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { API_PAYLOAD_BYTES, API_TIMEOUT_SECONDS, INVOKE_PAYLOAD_BYTES, RETRY_AFTER_SECONDS } from '../core/limits.ts';

export interface Gateway {
  url: string;
  close(): Promise<void>;
}

export interface GatewayOptions {
  /** 0: any free one. */
  port: number;
  /** The emulated API with its stage; a request's path is appended. */
  upstream: string;
  timeoutMs?: number;
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

export async function startGateway({
  port,
  upstream,
  timeoutMs = API_TIMEOUT_SECONDS * 1000,
}: GatewayOptions): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, answer) => {
    passOn(incoming, answer, { agent, upstream, timeoutMs }).catch(() => answer.destroy());
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}

interface Upstream {
  agent: Agent;
  upstream: string;
  timeoutMs: number;
}

async function passOn(
  incoming: IncomingMessage,
  answer: ServerResponse,
  { agent, upstream, timeoutMs }: Upstream,
): Promise<void> {
  const body = await readBody(incoming);
  const headers = upstreamHeaders(incoming, body);
  if (!body || eventBytes(body, headers, incoming.url ?? '') > INVOKE_PAYLOAD_BYTES) {
    // A client that is still sending hears the answer only after that.
    incoming.resume();
    return refuse(answer, 413, 'Request Too Long');
  }
  const disconnect = new AbortController();
  answer.on('close', () => disconnect.abort());
  const signal = AbortSignal.any([disconnect.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const outgoing = request(`${upstream}${incoming.url}`, { agent, method: incoming.method, headers, signal });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    answer.writeHead(response.statusCode ?? 502, withoutHopByHop(response.headers));
    await pipeline(response, answer);
  } catch (error) {
    if (disconnect.signal.aborted || answer.headersSent) throw error;
    // The stack's own gateway responses do the same: clients ask again after a 503, not after a 502 or 504.
    const message = signal.aborted ? 'Endpoint request timed out' : 'Internal server error';
    refuse(answer, 503, message, { 'retry-after': String(RETRY_AFTER_SECONDS) });
  }
}

/** The whole body, which API Gateway reads before it calls a function; undefined if it is larger than it takes. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > API_PAYLOAD_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length;
    if (bytes > API_PAYLOAD_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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

function refuse(answer: ServerResponse, status: number, message: string, headers: Record<string, string> = {}): void {
  answer.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ message }));
}
