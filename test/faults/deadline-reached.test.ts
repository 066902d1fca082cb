/** A deadline that passes while the job is being proved. */
import '../integration/scratch.ts';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { readJob } from '../../core/jobs/job.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { getObject, objectOf } from '../../core/store/objects.ts';
import { handler } from '../../functions/prove/index.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import { deliver } from '../stack/deliver.ts';
import { gatedProver } from '../stack/gated-prover.ts';
import { admitProof, SMALL } from '../stack/proof-jobs.ts';
import { duration, figure } from './figure.ts';

const DEADLINE_SECONDS = 5;

const gate = await gatedProver(join(STATE_ROOT, 'test-deadline'));
process.env.PROVER_PATH = gate.executable;
afterAll(() => nativeProver().stop());

test('9: a deadline that is reached ends the job as TIMEOUT and its prover with it, and the next job is proved', async () => {
  const late = await admitProof(SMALL, { deadlineSeconds: DEADLINE_SECONDS });
  expect((await deliver('small', handler)).became).toBe('deleted');
  const ended = await readJob(LOCAL_TENANT, late.id);
  expect(ended).toMatchObject({ state: 'failed', error: { code: 'TIMEOUT' }, attempts: 1 });
  expect(await getObject(objectOf.witness(late.id))).toBeUndefined();

  await gate.open();
  const next = await admitProof(SMALL);
  await deliver('small', handler);
  expect(await readJob(LOCAL_TENANT, next.id)).toMatchObject({ state: 'succeeded', attempts: 1 });
  const overdueMs = Date.parse(`${ended?.endedAt}`) - Date.parse(`${late.deadlineAt}`);
  figure(9, { deadline: `${DEADLINE_SECONDS} s`, 'ended after it': duration(overdueMs) });
});
