/** A source of public parameters on this machine, as well-behaved as a test wants it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ParameterSource {
  url: string;
  /** What it was asked, in order. */
  requests: IncomingMessage[];
  close(): Promise<void>;
}

/** Answers one request. @param nth counts from 1. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

/** Starts it, and names it to whatever downloads parameters in this process. */
export async function startParameterSource(behaviour: Behaviour): Promise<ParameterSource> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    behaviour(request, response, requests.length);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  process.env.MIDNIGHT_PARAM_SOURCE = url;
  return {
    url,
    requests,
    async close() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}

export interface Served {
  file: Uint8Array;
  /** Its version. */
  etag?: string;
  /** Whether it can be had in parts. */
  ranges?: boolean;
  /** Whether its size is said beforehand. */
  length?: boolean;
  /** How many bytes this answer brings before it comes to a halt, or the connection breaks. */
  bytes?: number;
  ending?: 'break' | 'halt';
}

/** Serves a file as a web server does. */
export function serve(request: IncomingMessage, response: ServerResponse, served: Served): void {
  const { file, etag, ranges = true, length = true, bytes = file.length, ending } = served;
  const sameVersion = !request.headers['if-range'] || request.headers['if-range'] === etag;
  const asked = ranges && sameVersion ? request.headers.range?.match(/^bytes=(\d+)-$/)?.[1] : undefined;
  const start = Number(asked ?? 0);
  response.writeHead(asked ? 206 : 200, {
    ...(etag && { etag }),
    ...(length && { 'content-length': file.length - start }),
    ...(asked && { 'content-range': `bytes ${start}-${file.length - 1}/${file.length}` }),
  });
  const part = file.subarray(start, start + bytes);
  if (!ending) response.end(part);
  // The bytes are on their way before the connection breaks.
  else response.write(part, () => ending === 'break' && setImmediate(() => response.destroy()));
}
