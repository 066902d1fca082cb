import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const BOOTSTRAP = join(import.meta.dirname, '../../local/bootstrap.mjs');

/** `npm start` with its arguments, to its end. */
async function npmStart(...args: string[]) {
  const child = spawn(process.execPath, [BOOTSTRAP, 'local/start.ts', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, lines: errors.trim().split('\n') };
}

test('what this machine lacks is one line, not a stack trace', async () => {
  await using other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;

  const { code, lines } = await npmStart('--port', String(port));
  expect(code).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/^✗ .* Machine$/),
    expect.stringMatching(new RegExp(`^✗ PORT_TAKEN: .*${port}.*--port`)),
  ]);
});

test.each([[['--port', 'http']], [['--num-workers', '1']], [['--api-key', 'sesame']], [['--unknown']]])(
  '%s ends with exit code 2 and says where the options are listed',
  async (args) => {
    const { code, lines } = await npmStart(...args);
    expect(code).toBe(2);
    expect(lines).toEqual([expect.stringMatching(/^error: /), expect.stringContaining('npm start -- --help')]);
  },
);

test('--help is no error', async () => {
  expect(await npmStart('--help')).toMatchObject({ code: 0 });
});
