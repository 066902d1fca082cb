/** Ctrl-C while a command waits for a job. */
import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withSealingKey } from '../client/sealing-server.ts';
import { folderOf } from './compiled.ts';
import { JOB_ID, type JobsServer, jobsServer } from './jobs-server.ts';
import { type Run, said, start } from './run.ts';
import { urlOf } from './server.ts';

const PROVE = ['prove', 'preimage', '--circuit', 'midnight/dust/spend'] as const;

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
  ['prove', PROVE],
  ['check', ['check', 'body']],
] as const)('%s that waits for its job has it cancelled', async (_, [command, name, ...options]) => {
  const server = await jobsServer();
  const file = `${await folderOf(FILES)}/${name}`;
  expectCancelled(await interrupted([command, file, ...options, '--json'], server), server);
});

test.each([
  ['prove', PROVE],
  ['check', ['check', 'body']],
] as const)('%s whose job is being submitted waits for the answer, and has the job cancelled', async (_, args) => {
  const admission = Promise.withResolvers<void>();
  const server = await jobsServer({ admission: admission.promise });
  const { child, ended } = await submitting(args, server);
  const cancelling = said(child.stderr, /^Cancelling the job/m);
  child.kill('SIGINT');
  await cancelling;
  admission.resolve();
  expectCancelled(await ended, server);
});

test('a second Ctrl-C waits for nothing', async () => {
  const server = await jobsServer({ admission: new Promise(() => undefined) });
  const { child, ended } = await submitting(PROVE, server);
  const cancelling = said(child.stderr, /^Cancelling the job/m);
  child.kill('SIGINT');
  await cancelling;
  // Sooner it would be taken for an echo of the first.
  await delay(600);
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(JSON.parse(stdout).error.message).toMatch(/^Ended by Ctrl-C\. Job \S+ may go on, /);
});

test('who waits for a place to submit a job has none, and ends at once', async () => {
  const asked: string[] = [];
  const refused = Promise.withResolvers<void>();
  const answers: RequestListener = (incoming, answer) => {
    asked.push(`${incoming.method}`);
    const [status, code] = incoming.method === 'POST' ? [429, 'QUEUE_FULL'] : [404, 'JOB_NOT_FOUND'];
    answer.on('close', refused.resolve);
    incoming.resume();
    answer.writeHead(status, { 'retry-after': '600' }).end(JSON.stringify({ code, detail: 'No.' }));
  };
  const url = await urlOf(withSealingKey(answers));
  const [command, name, ...options] = PROVE;
  const { child, ended } = start([command, `${await folderOf(FILES)}/${name}`, ...options, '--url', url, '--json']);
  await refused.promise;
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(JSON.parse(stdout).error.message).toBe('Ended by Ctrl-C, before there was a job.');
  expect(asked.filter((method) => method === 'POST')).toHaveLength(1);
});

/** The command, once its job has been submitted, and before that is answered. */
async function submitting([command, name, ...options]: readonly string[], server: JobsServer) {
  const file = `${await folderOf(FILES)}/${name}`;
  const started = start([`${command}`, file, ...options, '--json', '--url', server.url]);
  await Promise.race([server.submitted, started.ended]);
  return started;
}

function expectCancelled({ code, stdout, stderr }: Run, server: JobsServer): void {
  expect(code).toBe(130);
  const [, id] = server.asked.at(-1)?.match(/^DELETE \/v1\/jobs\/([0-9a-f-]{36})$/) ?? [];
  expect(id).toBeDefined();
  expect(JSON.parse(stdout)).toEqual({
    error: { code: 'INTERRUPTED', message: `Ended by Ctrl-C. Job ${id} is cancelled.` },
  });
  expect(stderr).toContain(`✗ INTERRUPTED: Ended by Ctrl-C. Job ${id} is cancelled.`);
}

test('jobs watch leaves the job alone: somebody else may wait for it', async () => {
  const server = await jobsServer();
  const { code, stderr } = await interrupted(['jobs', 'watch', JOB_ID], server);
  expect(code).toBe(130);
  expect(stderr).toContain('✗ INTERRUPTED: Ended by Ctrl-C.');
  expect(server.asked.filter((asked) => asked.startsWith('DELETE'))).toEqual([]);
});
