/** `examples/node-backend`, as it is started elsewhere: beside the client as it is built. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { countPreimage } from '../../examples/counter/call.ts';
import { NPM_BIN, STATE_ROOT } from '../../local/paths.ts';
import { irFile } from '../generator/circuits.ts';
import { verifierFile } from '../generator/keys.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';
import { get, jobView } from '../stack/api.ts';

const CIRCUIT = 'fallible/count';

let folder: string;
let backend: ChildProcess;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(STATE_ROOT, 'example-'));
  const client = join(folder, 'node_modules/nightshift-client');
  await promisify(execFile)(join(NPM_BIN, 'tsc'), ['--project', 'client', '--outDir', join(client, 'dist')]);
  await cp('client/package.json', join(client, 'package.json'));
  await cp('examples', join(folder, 'examples'), { recursive: true });
  backend = spawn(process.execPath, ['examples/node-backend/server.ts'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NIGHTSHIFT_URL: inject('baseUrl'), PORT: '0' },
  });
  if (!backend.stdout) throw new Error('nothing to read from');
  const [address] = await once(createInterface({ input: backend.stdout }), 'line');
  url = address;
});

afterAll(async () => {
  const ended = backend && once(backend, 'exit');
  backend?.kill();
  await ended;
  await rm(folder, { recursive: true });
});

const ask = (path: string, user: string, { headers, ...init }: RequestInit = {}): Promise<Response> =>
  fetch(new URL(path, url), { ...init, headers: { ...headers, authorization: `Bearer token-of-${user}` } });

const submit = (user: string, body: RequestInit['body'], headers?: Record<string, string>): Promise<Response> =>
  ask('/proofs', user, { method: 'POST', body, headers });

/** @returns what the backend says of the proof: no expected time if it is there already. */
async function submitted(user: string, key: string) {
  const response = await submit(user, Uint8Array.from(countPreimage()), { 'idempotency-key': key });
  expect(response.status).toBe(202);
  const answer = (await response.json()) as { id: string; state: string; expectedMs?: number };
  expect(answer.state).toEqual(expect.any(String));
  return answer;
}

test('a user has a call proved, and the proof verifies', async () => {
  const { id, expectedMs } = await submitted('alice', 'first');
  expect(expectedMs).toBeGreaterThan(0);
  const response = await ask(`/proofs/${id}`, 'alice');
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
  const statement = await statementOf({ keyLocation: 'count', preimage: countPreimage() }, irFile(CIRCUIT));
  expect(await verifies(await response.bytes(), await verifierFile(CIRCUIT), statement)).toBe(true);
});

test('the proof has a deadline, and the name of its user', async () => {
  const { id } = await submitted('alice', 'named');
  const { createdAt, deadlineAt, labels } = jobView.parse(await (await get(`/v1/jobs/${id}`)).json());
  expect(labels).toEqual({ user: 'alice' });
  expect(Date.parse(`${deadlineAt}`) - Date.parse(`${createdAt}`)).toBe(120_000);
});

test('a user who asks again with the same key gets the same proof; another user gets another', async () => {
  const { id } = await submitted('alice', 'again');
  expect((await submitted('alice', 'again')).id).toBe(id);
  expect((await submitted('bob', 'again')).id).not.toBe(id);
});

test("nobody sees another's proofs", async () => {
  const { id } = await submitted('alice', 'hers');
  expect((await ask(`/proofs/${id}`, 'bob')).status).toBe(404);
  const listed = async (user: string) => (await ask('/proofs', user)).json();
  expect(await listed('alice')).toContainEqual({ id, state: expect.any(String) });
  expect(await listed('bob')).not.toContainEqual(expect.objectContaining({ id }));
  expect((await submit('mallory', '')).status).toBe(401);
});

test('what the prover refuses is told', async () => {
  const { id } = (await (await submit('alice', 'no preimage')).json()) as { id: string };
  const response = await ask(`/proofs/${id}`, 'alice');
  expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code: 'INVALID_REQUEST' })]);
  expect((await submit('alice', new Uint8Array(1_000_001))).status).toBe(413);
});
