import { expect, inject, test } from 'vitest';
import { recordedPreimage } from '../generator/recorded.ts';
import { duration, figure } from './figure.ts';
import { SmallProofs } from './small-proofs.ts';

test('13: an unsatisfiable witness fails at the first attempt, and not again', async () => {
  const proofs = await SmallProofs.at(inject('baseUrl'));
  const preimage = recordedPreimage('NEGATIVE-fallible-count-first-true');
  const begun = performance.now();
  const submitted = await proofs.nightshift.submit(proofs.form({ keyLocation: 'count', preimage }));
  const job = await proofs.nightshift.wait(submitted);
  expect(job).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'INVALID_WITNESS' } });
  figure(13, { attempts: job.attempts, after: duration(performance.now() - begun) });
});
