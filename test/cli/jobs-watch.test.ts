/** `nightshift jobs watch` of several jobs, which end when the test says so. */
import { expect, test } from 'vitest';
import { followJobs } from '../../cli/job-progress.ts';
import type { JobState } from '../../core/jobs/state.ts';
import { JOB_ID, jobIn } from './jobs-server.ts';
import { said, start } from './run.ts';
import { urlOf } from './server.ts';

const [FIRST, SECOND] = [JOB_ID.replace(/0$/, '1'), JOB_ID.replace(/0$/, '2')];

test('goes on until the last of them has ended', async () => {
  const states = new Map<string, JobState>([
    [FIRST, 'proving'],
    [SECOND, 'proving'],
  ]);
  const url = await urlOf((incoming, answer) => {
    const { pathname, searchParams } = new URL(`${incoming.url}`, 'http://localhost');
    const jobs = [...states].map(([id, state]) => jobIn(state, id));
    const one = jobs.find(({ id }) => pathname.endsWith(id));
    answer.end(JSON.stringify(one ?? { jobs: jobs.filter(({ state }) => state === searchParams.get('state')) }));
  });
  const { child, ended } = start(['jobs', 'watch', '--json', '--url', url]);
  await said(child.stderr, new RegExp(`${SECOND}: proving`));
  const firstEnded = said(child.stderr, new RegExp(`^✓ .* ${FIRST} succeeded`, 'm'));
  states.set(FIRST, 'succeeded');
  await firstEnded;
  expect(child.exitCode).toBeNull();
  states.set(SECOND, 'succeeded');
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject([
    { id: FIRST, state: 'succeeded' },
    { id: SECOND, state: 'succeeded' },
  ]);
});

test('a view that fails while another job is waited for is told once all are done', async () => {
  const failed = Promise.withResolvers<void>();
  const lost = new Error('The job is lost.');
  async function* failing() {
    yield jobIn('proving', FIRST);
    failed.resolve();
    throw lost;
  }
  async function* succeeding() {
    yield jobIn('proving', SECOND);
    await failed.promise;
    // A rejection that nobody looks at is told once the event loop turns.
    await new Promise(setImmediate);
    yield jobIn('succeeded', SECOND);
  }
  const both = followJobs([
    { job: jobIn('proving', FIRST), views: failing() },
    { job: jobIn('proving', SECOND), views: succeeding() },
  ]);
  await expect(both).rejects.toBe(lost);
});
