/** A proxy before a server of this machine, which passes on, changes, holds back or loses what a test says. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Call {
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * What becomes of a call.
 *
 * @param passOn hands it to the server.
 * @returns the answer to give; undefined: the connection breaks.
 */
export type Behaviour = (call: Call, passOn: () => Promise<Answer>) => Promise<Answer | undefined>;

export interface FaultyProxy {
  url: string;
  /** From now on; without one, everything is passed on as it is. */
  behave(behaviour?: Behaviour): void;
  close(): Promise<void>;
}

const wellBehaved: Behaviour = (_, passOn) => passOn();

/** @param server its URL, without a path. */
export async function startFaultyProxy(server: string): Promise<FaultyProxy> {
  let behaviour = wellBehaved;
  const proxy = createServer(async (incoming, answer) => {
    try {
      const call = await callOf(incoming);
      const given = await behaviour(call, () => passOn(server, call));
      if (given) reply(answer, given);
      else answer.destroy();
    } catch {
      // The client or the server went away.
      answer.destroy();
    }
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    behave(wanted = wellBehaved) {
      behaviour = wanted;
    },
    async close() {
      const closed = once(proxy.close(), 'close');
      proxy.closeAllConnections();
      await closed;
    },
  };
}

const callOf = async (incoming: IncomingMessage): Promise<Call> => ({
  method: incoming.method ?? '',
  path: incoming.url ?? '',
  headers: incoming.headers,
  body: await buffer(incoming),
});

async function passOn(server: string, { method, path, headers, body }: Call): Promise<Answer> {
  const outgoing = request(`${server}${path}`, { method, headers });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 502, headers: response.headers, body: await buffer(response) };
}

function reply(answer: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _, 'transfer-encoding': __, ...kept } = headers;
  answer.writeHead(status, kept).end(body);
}
