import './scratch.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admitJob } from '../../core/jobs/admit.ts';
import { AttemptRunningError, claimJob } from '../../core/jobs/claim.ts';
import { endJob } from '../../core/jobs/end.ts';
import { type Job, LOCAL_TENANT, readJob } from '../../core/jobs/job.ts';
import { readOccupancy } from '../../core/jobs/lane-counts.ts';
import { getObject, objectOf } from '../../core/store/objects.ts';

/** By which the jobs are delivered. */
const MESSAGE = 'message';

const ending = { state: 'failed', error: { code: 'INTERNAL', message: 'No.' } } as const;
const JOBS = 4;
const HOUR_MS = 3600 * 1000;

const expectRunning = (error: unknown) => expect(error).toBeInstanceOf(AttemptRunningError);

/** What may happen to job number n, in any order and side by side. */
const operation = fc.record({ what: fc.constantFrom('claim', 'end', 'endStale'), n: fc.nat(JOBS - 1) });

test('whatever happens in whatever order, counts equal states and no ended job has a witness', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(operation, { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
      async (rounds) => {
        const jobs = await Promise.all(
          Array.from({ length: JOBS }, () =>
            admitJob({ tenant: LOCAL_TENANT, operation: 'prove', circuit: 'c', k: 6, witness: new Uint8Array(8) }),
          ),
        );
        const read = () => Promise.all(jobs.map(async ({ id }) => (await readJob(LOCAL_TENANT, id)) as Job));
        let now = Date.now();
        for (const round of rounds) {
          now += HOUR_MS;
          const before = await read();
          await Promise.all(
            round.map(({ what, n }) => {
              const job = before[n] as Job;
              // An hour later every earlier attempt has run out of time; side by side one wins and the others have to wait.
              if (what === 'claim') return claimJob(job.id, MESSAGE, new Date(now)).catch(expectRunning);
              const open = job.state === 'queued' || job.state === 'proving';
              // A stale writer still believes in an earlier state.
              return open ? endJob(what === 'end' ? job : { ...job, attempts: job.attempts - 1 }, ending) : undefined;
            }),
          );
          const after = await read();
          for (const [n, job] of after.entries()) if (before[n]?.endedAt) expect(job).toEqual(before[n]);
          const inState = (state: string) => after.filter((job) => job.state === state).length;
          expect(await readOccupancy()).toMatchObject({ pending: inState('queued'), proving: inState('proving') });
        }
        for (const job of await read()) {
          if (!job.endedAt) await endJob(job, ending);
          expect(await getObject(objectOf.witness(job.id))).toBeUndefined();
        }
        expect(await readOccupancy()).toMatchObject({ pending: 0, proving: 0 });
      },
    ),
    { numRuns: 25 },
  );
});
