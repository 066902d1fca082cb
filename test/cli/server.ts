/** A server of the test's own. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Server {
  url: string;
  close: () => Promise<void>;
}

export async function startServer(answers: RequestListener): Promise<Server> {
  const server = createServer(answers).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await server[Symbol.asyncDispose]();
  };
  return { url, close };
}

/** Where a server answers that ends with the test. */
export async function urlOf(answers: RequestListener): Promise<string> {
  const { url, close } = await startServer(answers);
  onTestFinished(close);
  return url;
}
