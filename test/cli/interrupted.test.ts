/** Ctrl-C while a command waits for a job. */
import { expect, test } from 'vitest';
import { folderOf } from './compiled.ts';
import { JOB_ID, type JobsServer, jobsServer } from './jobs-server.ts';
import { start } from './run.ts';

const FILES = {
  preimage: 'midnight:proof-preimage:',
  body: 'midnight:(proof-preimage-versioned,option(wrapped-ir)):',
};

async function interrupted(args: string[], { url, waitedFor }: JobsServer) {
  const { child, ended } = start([...args, '--url', url]);
  // A command that ends by itself is not waited for.
  await Promise.race([waitedFor, ended]);
  child.kill('SIGINT');
  return ended;
}

test.each([
  ['prove that waits for its proof', ['prove', 'preimage', '--circuit', 'midnight/dust/spend'], true],
  ['prove whose job is being submitted', ['prove', 'preimage', '--circuit', 'midnight/dust/spend'], false],
  ['check that waits for its job', ['check', 'body'], true],
] as const)('%s has the job cancelled', async (_, [command, name, ...options], answersSubmission) => {
  const server = await jobsServer({ answersSubmission });
  const file = `${await folderOf(FILES)}/${name}`;
  const { code, stdout, stderr } = await interrupted([command, file, ...options, '--json'], server);
  expect(code).toBe(130);
  const [, id] = server.asked.at(-1)?.match(/^DELETE \/v1\/jobs\/([0-9a-f-]{36})$/) ?? [];
  expect(id).toBeDefined();
  expect(JSON.parse(stdout)).toEqual({
    error: { code: 'INTERRUPTED', message: `Ended by Ctrl-C. Job ${id} is cancelled.` },
  });
  expect(stderr).toContain(`✗ INTERRUPTED: Ended by Ctrl-C. Job ${id} is cancelled.`);
});

test('jobs watch leaves the job alone: somebody else may wait for it', async () => {
  const server = await jobsServer();
  const { code, stderr } = await interrupted(['jobs', 'watch', JOB_ID], server);
  expect(code).toBe(130);
  expect(stderr).toContain('✗ INTERRUPTED: Ended by Ctrl-C.');
  expect(server.asked.filter((asked) => asked.startsWith('DELETE'))).toEqual([]);
});
