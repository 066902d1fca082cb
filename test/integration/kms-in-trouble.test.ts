/** KMS failing while keys are made and unwrapped. */
import { expect, inject, onTestFinished, test } from 'vitest';
import { jsonAnswer, operationOf, serviceOf, startFaultyAws } from '../stack/faulty-aws.ts';
import { createScratch } from '../stack/scratch-aws.ts';

const aws = await startFaultyAws(inject('awsEndpoint'));
await createScratch(aws.url);
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
const { admitProof, invokeProve, outcomeOf, SMALL } = await import('../stack/proof-jobs.ts');
const { nativeProver } = await import('../../core/prover/native-prover.ts');

/** Has calls of KMS fail, as many as that. @returns which calls there were. */
function failing(times: number): string[] {
  const calls: string[] = [];
  aws.behave(async (call, passOn) => {
    if (serviceOf(call) !== 'kms') return passOn();
    calls.push(operationOf(call));
    return calls.length <= times ? jsonAnswer(400, 'ThrottlingException') : passOn();
  });
  return calls;
}

test('throttled, it is asked again; where that does not help, the job is tried again', async () => {
  onTestFinished(async () => {
    await nativeProver().stop();
    await aws.close();
  });
  const making = failing(2);
  const job = await admitProof(SMALL);
  expect(making).toEqual(Array(3).fill('GenerateDataKeyPairWithoutPlaintext'));

  const unwrapping = failing(6);
  expect(await invokeProve(job)).toBe('left');
  expect(unwrapping).toEqual(Array(5).fill('Decrypt'));
  expect(await outcomeOf(job)).toMatchObject({ state: 'proving', attempts: 1, lastError: { code: 'INTERNAL' } });
  expect(await invokeProve(job)).toBe('deleted');
  expect(await outcomeOf(job)).toMatchObject({ state: 'succeeded', attempts: 2 });

  // Another job of the same environment: the key is known.
  const next = await admitProof(SMALL);
  await invokeProve(next);
  expect(await outcomeOf(next)).toMatchObject({ state: 'succeeded' });
  expect(unwrapping).toHaveLength(7);
});
