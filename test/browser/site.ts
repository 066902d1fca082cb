/** A web site of a few files in memory. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const TYPES: Record<string, string> = { '/': 'text/html', '/page.js': 'text/javascript' };

/** The origin whose pages may use `/v1` of the shared stack. */
export const DAPP_ORIGIN = 'http://dapp.example';

export interface Site extends AsyncDisposable {
  url: string;
}

/** @param files by path. A page at `/` that runs `/page.js` is there anyway. */
export async function serveSite(files: Record<string, string | Uint8Array>): Promise<Site> {
  const all: typeof files = { '/': '<!doctype html><script type="module" src="/page.js"></script>', ...files };
  const server = createServer(({ url = '' }, answer) => {
    const [path = ''] = url.split('?');
    answer.writeHead(path in all ? 200 : 404, { 'content-type': TYPES[path] ?? 'application/octet-stream' });
    answer.end(all[path]);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}
