import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { preflight } from '../../local/preflight.ts';

const ANY_PORT = 0;

afterEach(() => vi.unstubAllEnvs());

test('names everything that is missing, and what to do about it', async () => {
  vi.stubEnv('PATH', '');
  const problems = await preflight({ port: ANY_PORT, emulator: true });

  expect(problems.map(({ code }) => code)).toEqual(['CARGO_MISSING', 'C_COMPILER_MISSING', 'PYTHON_MISSING']);
  expect(problems[0]?.message).toContain('https://rustup.rs');
  for (const { message } of problems) expect(message.split('\n')).toHaveLength(1);
});

test('needs no Python where the emulated AWS is not started here', async () => {
  vi.stubEnv('PATH', '');
  const problems = await preflight({ port: ANY_PORT, emulator: false });
  expect(problems.map(({ code }) => code)).not.toContain('PYTHON_MISSING');
});

test('says which port is taken and how to choose another one', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const taken = await preflight({ port, emulator: false });
  expect(taken.map(({ code }) => code)).toEqual(['PORT_TAKEN']);
  expect(taken[0]?.message).toContain(String(port));
  expect(taken[0]?.message).toContain('--port');

  other.close();
  await once(other, 'close');
  expect(await preflight({ port, emulator: false })).toEqual([]);
});
