/** What `examples/node-backend` makes of what the prover says, and asks it for. */
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Nightshift } from '../../client/index.ts';
import { createBackend } from '../../examples/node-backend/backend.ts';
import { jobIn } from '../cli/jobs-server.ts';
import { startServer, urlOf } from '../cli/server.ts';
import { withSealingKey } from './sealing-server.ts';

/** The backend before that prover. A token is its user's name. */
async function backendBefore(url: string): Promise<string> {
  const nightshift = new Nightshift({ url });
  const backend = createBackend({ nightshift, circuit: 'count', contract: '0', userOf: (token) => token });
  await once(backend.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => backend[Symbol.asyncDispose]());
  return `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
}

const submit = (url: string, user: string, key: string): Promise<Response> =>
  fetch(`${url}/proofs`, {
    method: 'POST',
    body: 'midnight:proof-preimage:',
    headers: { authorization: `Bearer ${user}`, 'idempotency-key': key },
  });

const refusing =
  (status: number, body: unknown): RequestListener =>
  (_, answer) =>
    answer.writeHead(status).end(JSON.stringify(body));

test('a prover that is not there, or does not let the backend in, is no fault of the user', async () => {
  const logged = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => void vi.restoreAllMocks());
  const { url: nowhere, close } = await startServer(() => undefined);
  await close();
  const gateways = [401, 403].map((status) => urlOf(refusing(status, { message: 'Forbidden' })));
  const forbidding = urlOf(refusing(403, { code: 'FORBIDDEN', detail: 'This key may not.' }));
  for (const prover of [nowhere, ...(await Promise.all([...gateways, forbidding]))]) {
    const answer = await submit(await backendBefore(prover), 'alice', '1');
    expect(answer.status).toBe(502);
    expect(await answer.json()).toEqual({ code: 'PROVER_UNAVAILABLE', message: expect.not.stringContaining('key') });
  }
  expect(logged).toHaveBeenCalledTimes(4);
});

test('what the prover refuses of the user is told', async () => {
  const refusal = refusing(400, { code: 'INVALID_WITNESS', detail: 'It does not satisfy its circuit.' });
  const prover = await urlOf(withSealingKey(refusal));
  const answer = await submit(await backendBefore(prover), 'alice', '1');
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ code: 'INVALID_WITNESS', message: 'It does not satisfy its circuit.' });
});

test('the same key is the same of the same user only', async () => {
  const keys: unknown[] = [];
  const taking: RequestListener = (incoming, answer) => {
    keys.push(incoming.headers['idempotency-key']);
    answer.writeHead(202).end(JSON.stringify(jobIn('queued')));
  };
  const url = await backendBefore(await urlOf(withSealingKey(taking)));
  for (const [user, key] of [
    ['al', 'ice/1'],
    ['al/ice', '1'],
    ['al', 'ice/1'],
  ] as const) {
    expect((await submit(url, user, key)).status).toBe(202);
  }
  expect(keys[2]).toBe(keys[0]);
  expect(keys[1]).not.toBe(keys[0]);
});
