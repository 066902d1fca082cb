/** Ctrl-C while a command waits for a job. */
import { describe, expect, test } from 'vitest';
import { folderOf } from './compiled.ts';
import { JOB_ID, type JobsServer, jobsServer } from './jobs-server.ts';
import { start } from './run.ts';

const PREIMAGE = { 'spend.preimage': 'midnight:proof-preimage:' };

async function interrupted(args: string[], { url, waitedFor }: JobsServer) {
  const { child, ended } = start([...args, '--url', url]);
  await waitedFor;
  child.kill('SIGINT');
  return ended;
}

describe('prove', () => {
  test.each([
    ['the proof', true],
    ['the answer to its submission', false],
  ])('that waits for %s has the job cancelled', async (_, answersSubmission) => {
    const server = await jobsServer({ answersSubmission });
    const file = `${await folderOf(PREIMAGE)}/spend.preimage`;
    const { code, stdout, stderr } = await interrupted(
      ['prove', file, '--circuit', 'midnight/dust/spend', '--json'],
      server,
    );
    expect(code).toBe(130);
    const [, id] = server.asked.at(-1)?.match(/^DELETE \/v1\/jobs\/([0-9a-f-]{36})$/) ?? [];
    expect(id).toBeDefined();
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'INTERRUPTED', message: `Ended by Ctrl-C. Job ${id} is cancelled.` },
    });
    expect(stderr).toContain(`✗ INTERRUPTED: Ended by Ctrl-C. Job ${id} is cancelled.`);
  });
});

test('jobs watch leaves the job alone: somebody else may wait for it', async () => {
  const server = await jobsServer();
  const { code, stderr } = await interrupted(['jobs', 'watch', JOB_ID], server);
  expect(code).toBe(130);
  expect(stderr).toContain('✗ INTERRUPTED: Ended by Ctrl-C.');
  expect(server.asked.filter((asked) => asked.startsWith('DELETE'))).toEqual([]);
});
