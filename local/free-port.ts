import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** The wanted port of this machine if it is free, any free one otherwise. */
export async function freePort(wanted = 0): Promise<number> {
  const probe = createServer();
  const listen = (port: number) => once(probe.listen(port, '127.0.0.1'), 'listening');
  await listen(wanted).catch(() => listen(0));
  const { port } = probe.address() as AddressInfo;
  await once(probe.close(), 'close');
  return port;
}
