import '../integration/scratch.ts';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { type Job, readJob } from '../../core/jobs/job.ts';
import { readOccupancy } from '../../core/jobs/lane-counts.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { getObject, objectOf } from '../../core/store/objects.ts';
import { handler } from '../../functions/prove/index.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import { ask } from '../stack/ask.ts';
import { deliver } from '../stack/deliver.ts';
import { type GatedProver, gatedProver } from '../stack/gated-prover.ts';
import { admitProof, SMALL } from '../stack/proof-jobs.ts';
import { duration, figure } from './figure.ts';

let gate: GatedProver;
let job: Job;

beforeAll(async () => {
  gate = await gatedProver(join(STATE_ROOT, 'test-cancel'));
  process.env.PROVER_PATH = gate.executable;
});
afterAll(() => nativeProver().stop());

const cancel = () => ask('DELETE', `/v1/jobs/${job.id}`);
const CANCELLED = { state: 'cancelled', error: { code: 'CANCELLED' } };

async function expectNothingLeft(): Promise<void> {
  expect(await getObject(objectOf.witness(job.id))).toBeUndefined();
  expect(await readOccupancy()).toMatchObject({ pending: 0, proving: 0 });
}

describe('21: a cancelled job', () => {
  beforeEach(async () => {
    job = await admitProof(SMALL);
  });

  test('that is queued ends at once, and its message comes to nothing', async () => {
    const answer = await cancel();
    expect(answer).toMatchObject({ status: 200, body: { id: job.id, ...CANCELLED } });
    expect(await cancel()).toEqual(answer);
    await expectNothingLeft();
    expect((await deliver('small', handler)).became).toBe('deleted');
    expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ ...CANCELLED, attempts: 0 });
    figure(21, { cancelled: 'while queued', attempts: 0 });
  });

  test('that is being proved ends at once, and its prover is killed', async () => {
    await gate.close();
    const delivery = deliver('small', handler);
    await ask('GET', `/v1/jobs/${job.id}?wait=20&after=queued`);
    expect(await cancel()).toMatchObject({ status: 200, body: CANCELLED });
    const cancelled = performance.now();
    await expectNothingLeft();
    // The gate is still closed: the attempt is over only because its prover was killed.
    expect((await delivery).became).toBe('deleted');
    expect(await readJob(LOCAL_TENANT, job.id)).toMatchObject({ ...CANCELLED, attempts: 1 });
    figure(21, { cancelled: 'while proving', 'prover killed after': duration(performance.now() - cancelled) });
  });

  test('that has ended stays as it is', async () => {
    await gate.open();
    await deliver('small', handler);
    expect(await cancel()).toMatchObject({ status: 200, body: { state: 'succeeded', proof: expect.any(String) } });
    figure(21, { cancelled: 'after the end', state: 'succeeded' });
  });
});
