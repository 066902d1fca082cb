/** A gateway before a server of the test's own. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach } from 'vitest';
import { type GatewayOptions, startGateway } from '../../../local/gateway/gateway.ts';

export const STAGE = '/restapis/abc/prod/_user_request_';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Asks for no keys unless told to. Ends with the test. Also tells what the server behind the gateway was asked. */
export async function gatewayBefore(
  upstream: RequestListener,
  options: Omit<GatewayOptions, 'port' | 'upstream'> = {},
) {
  const requests: IncomingMessage[] = [];
  const server = createServer((incoming, answer) => {
    requests.push(incoming);
    upstream(incoming, answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const closeUpstream = async () => {
    server.closeAllConnections();
    await server[Symbol.asyncDispose]();
  };
  closers.push(async () => server.listening && closeUpstream());
  const { port } = server.address() as AddressInfo;
  const gateway = await startGateway({
    port: 0,
    upstream: `http://127.0.0.1:${port}${STAGE}`,
    apiKey: 'local',
    ...options,
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= gateway.close();
    return closed;
  };
  closers.push(close);
  return { ...gateway, close, requests, closeUpstream };
}

export const countBytes: RequestListener = async (incoming, answer) => {
  answer.end(String((await buffer(incoming)).length));
};
