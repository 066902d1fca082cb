/**
 * Runs the tests that start stacks of their own beside all others, since much of both is waiting. One vitest can't: it runs
 * what may not run in parallel one after the other, whatever project it is of.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { STATE_ROOT } from '../local/paths.ts';

const REPORTS = join(STATE_ROOT, 'test-reports');

/** Told where nothing fits what was asked for: it may be in the other run. */
const run = (projects: string[], args: string[]) => [
  'run',
  ...projects.flatMap((project) => ['--project', project]),
  '--passWithNoTests',
  '--reporter=blob',
  `--outputFile.blob=${join(REPORTS, `${projects[0]}.json`)}`,
  ...args,
];

/**
 * Shows the progress of the larger run, then what the other one said, then what became of all.
 *
 * @param args for vitest: which tests.
 * @returns the exit status.
 */
export async function testSideBySide(args: string[]): Promise<number> {
  await rm(REPORTS, { recursive: true, force: true });
  const beside = spawn('vitest', run(['own-stack', 'packaging'], args), { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(beside.stdout), text(beside.stderr)]);
  const besideEnd = once(beside, 'close');
  const before = spawn('vitest', [...run(['unit', 'stack'], args), '--reporter=default'], { stdio: 'inherit' });
  const [status] = await once(before, 'close');
  const [besideStatus] = await besideEnd;
  for (const output of await said) process.stderr.write(output);
  const all = spawn('vitest', ['run', `--merge-reports=${REPORTS}`, '--reporter=dot'], { stdio: 'inherit' });
  const [mergedStatus] = await once(all, 'close');
  return status || besideStatus || mergedStatus;
}
