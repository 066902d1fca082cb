import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { barOf } from '../../cli/job-bar.ts';
import { JOB_ID, jobIn } from './jobs-server.ts';
import { said } from './run.ts';
import { urlOf } from './server.ts';

test.each([
  [-1, 0],
  [0, 0],
  [0.5, 9],
  [1, 19],
  [7, 19],
])('at %s of the expected time %s of 20 cells are full, and never all', (fraction, full) => {
  expect(barOf(fraction)).toBe('█'.repeat(full) + '░'.repeat(20 - full));
});

test('on a terminal it is drawn again while the job is followed', async () => {
  const end = Promise.withResolvers<void>();
  const job = { ...jobIn('proving'), estimate: { queuedMs: 0, keysMs: 0, proveMs: 1_000, costUsd: 0.001 } };
  const url = await urlOf(async (incoming, answer) => {
    const waits = incoming.url?.includes('wait=');
    if (waits) await end.promise;
    answer.end(JSON.stringify(waits ? jobIn('succeeded') : job));
  });
  const args = ['cli/nightshift.ts', 'jobs', 'watch', JOB_ID, '--url', url];
  const pty = 'import pty, sys; pty.spawn(sys.argv[1:])';
  // A new terminal has no size.
  const wide = ['sh', '-c', 'stty cols 200 rows 50 && exec "$@"', 'sh'];
  const child = spawn('python3', ['-c', pty, ...wide, process.execPath, ...args], {
    env: { ...process.env, TERM: 'xterm' },
  });
  const ended = once(child, 'exit');
  expect(await said(child.stdout, /█{19}░/)).toMatch(/█░/);
  const told = said(child.stdout, /succeeded/);
  end.resolve();
  await told;
  await ended;
});
