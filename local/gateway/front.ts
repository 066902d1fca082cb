/** The server itself, with bounds on what comes in before anybody works at it. */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { NightshiftError } from '../../core/errors.ts';
import { gatewayAnswer, MALFORMED } from '../../core/http/gateway-refusals.ts';
import { API_HEADER_BYTES } from '../../core/limits.ts';
import type { Certificate } from '../certificate.ts';

/** How long a request may take to arrive. */
export interface Patience {
  headersMs: number;
  /** Headers and body. */
  requestMs: number;
}

const PATIENCE: Patience = { headersMs: 10_000, requestMs: 60_000 };
const CHECKS = 10;

/** Connections at once; further ones are closed. Whoever only holds them open loses them after `headersMs`. */
const MAX_CONNECTIONS = 1000;

export interface FrontOptions {
  /** Without one it speaks plain HTTP. */
  certificate?: Certificate;
  patience?: Patience;
}

export function createFront(listener: RequestListener, { certificate, patience = PATIENCE }: FrontOptions): Server {
  const options: ServerOptions = {
    maxHeaderSize: API_HEADER_BYTES,
    headersTimeout: patience.headersMs,
    requestTimeout: patience.requestMs,
    connectionsCheckingInterval: patience.headersMs / CHECKS,
  };
  const server = certificate
    ? createTlsServer({ ...options, ...certificate, handshakeTimeout: patience.headersMs }, listener)
    : createServer(options, listener);
  server.maxConnections = MAX_CONNECTIONS;
  return server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, connection) =>
    turnAway(connection, UNREADABLE[code] ?? MALFORMED),
  );
}

/** Why no request came of what was sent, by Node's name for it. */
const UNREADABLE: Record<string, NightshiftError> = {
  HPE_HEADER_OVERFLOW: new NightshiftError(
    'INVALID_REQUEST',
    `Address and headers are larger than ${API_HEADER_BYTES} bytes together.`,
  ),
  ERR_HTTP_REQUEST_TIMEOUT: new NightshiftError('INVALID_REQUEST', 'The request took too long to arrive.'),
};

/** Answers, unless something else has been answered here: nobody could tell where that ends. */
function turnAway(connection: Duplex & { bytesWritten?: number }, refusal: NightshiftError): void {
  if (!connection.writable || connection.bytesWritten !== 0) return void connection.destroy();
  const { statusCode, headers, body } = gatewayAnswer(refusal);
  const fields = { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  connection.end([`HTTP/1.1 ${statusCode} ${refusal.code}`, ...lines, '', body].join('\r\n'), () =>
    connection.destroy(),
  );
}
