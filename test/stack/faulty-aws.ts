/** The emulated AWS behind a fault: a write that a test names comes to nothing. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

export interface FaultyAws {
  url: string;
  /** Has the nth write from now on fail, and no other. @returns what it was, once it has failed. */
  failWrite(nth: number): () => string | undefined;
  close(): Promise<void>;
}

const WRITES = ['TransactWriteItems', 'PutItem', 'UpdateItem', 'SendMessage'];

/** @param endpoint of the emulated AWS. */
export async function startFaultyAws(endpoint: string): Promise<FaultyAws> {
  let left = 0;
  let failed: string | undefined;
  const server = createServer(async (incoming, answer) => {
    const write = writeOf(incoming);
    if (!write || --left !== 0) return passOn(endpoint, incoming, answer);
    failed = write;
    incoming.resume();
    // Not one of the errors that clients try again after.
    answer.writeHead(403, { 'content-type': 'application/x-amz-json-1.0' }).end('{"__type":"AccessDeniedException"}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failWrite(nth) {
      left = nth;
      failed = undefined;
      return () => failed;
    },
    async close() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The operation, if it writes. */
function writeOf({ method, headers }: IncomingMessage): string | undefined {
  if (method === 'PUT') return 'PutObject';
  const operation = `${headers['x-amz-target']}`.split('.').at(-1) as string;
  return WRITES.includes(operation) ? operation : undefined;
}

/** Has the endpoint answer the request. */
export async function passOn(endpoint: string, incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { method, headers, url } = incoming;
  const outgoing = request(`${endpoint}${url}`, { method, headers });
  outgoing.end(await buffer(incoming));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  answer.writeHead(response.statusCode ?? 502, response.headers);
  await pipeline(response, answer);
}
