/** A body that is larger than any request may be. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { expect, inject, test } from 'vitest';
import { BYTES_PER_MB, MAX_BODY_BYTES } from '../../core/limits.ts';
import { figure } from './figure.ts';

const GIGABYTE = 1024 * BYTES_PER_MB;
/** What lies in the buffers of sockets, and is sent while the answer is on its way. */
const ON_THE_WAY_BYTES = 64 * BYTES_PER_MB;

const megabytes = (bytes: number): string => `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;

/** Sends a body until it is answered. @returns the status, and how many bytes were taken by then. */
async function sendUntilAnswered(headers: Record<string, string>) {
  const outgoing = request(`${inject('baseUrl')}/prove`, { method: 'POST', headers });
  const taken = () => outgoing.socket?.bytesWritten ?? 0;
  const answered = once(outgoing, 'response').then(([answer]: IncomingMessage[]) => answer?.statusCode);
  const chunk = Buffer.alloc(BYTES_PER_MB / 16);
  const send = () => {
    while (taken() < GIGABYTE && outgoing.write(chunk));
  };
  outgoing.on('drain', send);
  send();
  const status = await answered;
  const bytes = taken();
  outgoing.on('error', () => {}).destroy();
  return { status, bytes };
}

test('19: a body over the limit is 413 before it is read whole', async () => {
  const told = await sendUntilAnswered({ 'content-length': `${GIGABYTE}` });
  expect(told.status).toBe(413);
  expect(told.bytes).toBeLessThan(ON_THE_WAY_BYTES);
  const untold = await sendUntilAnswered({});
  expect(untold.status).toBe(413);
  expect(untold.bytes).toBeGreaterThan(MAX_BODY_BYTES);
  expect(untold.bytes).toBeLessThan(MAX_BODY_BYTES + ON_THE_WAY_BYTES);
  figure(19, {
    body: megabytes(GIGABYTE),
    'taken of it': megabytes(told.bytes),
    'of unknown length': megabytes(untold.bytes),
  });
});
