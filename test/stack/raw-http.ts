/** HTTP byte by byte, as no client would send it. */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** Closed with the test. */
export async function connectTo(url: string): Promise<Socket> {
  const { port, hostname } = new URL(url);
  const connection = createConnection({ host: hostname, port: Number(port) });
  onTestFinished(() => void connection.destroy());
  connection.on('error', () => {});
  await once(connection, 'connect');
  return connection;
}

/** All that is answered on a connection before it ends. */
export const heardOn = async (connection: Socket): Promise<string> => (await buffer(connection)).toString();

/** @returns all that is answered to these very bytes. They should ask for the connection to be closed. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const connection = await connectTo(url);
  connection.write(bytes);
  return heardOn(connection);
}

/** The statuses of the answers in what was heard. */
export const statusesIn = (heard: string): number[] =>
  [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
