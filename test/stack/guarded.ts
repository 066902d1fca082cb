/** A deployment that lets in who has its key, and lies under a path: as one behind API Gateway. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

export const API_KEY = 'the-key-of-this-test';
const PREFIX = '/prod';

export interface Guarded {
  /** With the path. */
  url: string;
  /** Method and path of what was let in. */
  letIn: string[];
  close(): Promise<void>;
}

/** @param deployment its URL. */
export async function guarded(deployment: string): Promise<Guarded> {
  const letIn: string[] = [];
  const server = createServer((incoming, answer) => {
    const { method, url = '', headers } = incoming;
    if (headers['x-api-key'] !== API_KEY) return refuse(incoming, answer, 403, '{"message":"Forbidden"}');
    if (!url.startsWith(`${PREFIX}/`)) {
      return refuse(incoming, answer, 403, '{"message":"Missing Authentication Token"}');
    }
    const target = url.slice(PREFIX.length);
    letIn.push(`${method} ${target.split('?')[0]}`);
    passOn(`${deployment}${target}`, incoming, answer).catch(() => answer.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}`,
    letIn,
    async close() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}

function refuse(incoming: IncomingMessage, answer: ServerResponse, status: number, body: string): void {
  incoming.resume();
  answer.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

async function passOn(url: string, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { host: _, ...headers } = incoming.headers;
  const outgoing = request(url, { method: incoming.method, headers });
  const passed = pipeline(incoming, outgoing);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  answer.writeHead(response.statusCode ?? 502, response.headers);
  await Promise.all([passed, pipeline(response, answer)]);
}
