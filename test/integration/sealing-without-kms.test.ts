/** Sealing keys in a deployment without a KMS key of its own. */
import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DeleteParameterCommand, DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { sealingKeysPath, tableName } from '../../core/config.ts';
import type { ProofJob } from '../../core/jobs/job.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { openedFor, sealedFor } from '../../core/sealing/at-rest.ts';
import { seal } from '../../core/sealing/seal.ts';
import { sealedBytes } from '../../core/sealing/sealed-witness.ts';
import { currentSealingKey, expectValid } from '../../core/sealing/sealing-keys.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';
import { admitProof, invokeProve, outcomeOf, SMALL } from '../stack/proof-jobs.ts';

const DAY_MS = 24 * 3_600_000;
const daysFromNow = (days: number) => new Date(Date.now() + days * DAY_MS);

const ssm = new SSMClient();
const job = { tenant: LOCAL_TENANT, id: randomUUID(), operation: 'prove', circuit: 'c' } as ProofJob;
const witness = Buffer.from('midnight:proof-preimage:anything');

beforeAll(() => {
  delete process.env.STACK_KEY_ARN;
  process.env.SEALING_KEYS_PATH = `/${tableName()}/sealing-keys`;
});
afterAll(() => nativeProver().stop());

async function parameterOf(id: string) {
  const ParameterFilters = [{ Key: 'Name', Values: [`${sealingKeysPath()}/${id}`] }];
  const { Parameters = [] } = await ssm.send(new DescribeParametersCommand({ ParameterFilters }));
  return Parameters[0];
}

test('a job’s witness is sealed, opened and proved', async () => {
  const proof = await admitProof(SMALL);
  expect(await invokeProve(proof)).toBe('deleted');
  expect(await outcomeOf(proof)).toMatchObject({ state: 'succeeded', attempts: 1, witness: undefined });
  const stored = await sealedFor(job, witness);
  expect(Buffer.from(stored).includes(witness)).toBe(false);
  expect(await openedFor(job, stored)).toEqual(new Uint8Array(witness));
});

test('the private half is a secret parameter, which ends with the key, and not in the table', async () => {
  const { id, createdAt } = await currentSealingKey();
  const { Item } = await table.send(new GetCommand({ TableName: tableName(), Key: keyOf.sealingKey(id) }));
  expect(Object.keys(Item ?? {}).sort()).toEqual(['PK', 'SK', 'createdAt', 'expiresAt', 'id', 'publicKey']);
  const parameter = await parameterOf(id);
  expect(parameter).toMatchObject({ Type: 'SecureString', Tier: 'Advanced' });
  // The emulated AWS tells it as it was put.
  const [policy] = JSON.parse(`${parameter?.Policies}`);
  const Timestamp = new Date(Date.parse(createdAt) + 32 * DAY_MS).toISOString();
  expect(policy).toMatchObject({ Type: 'Expiration', Attributes: { Timestamp } });
});

test('without the parameter nothing opens', async () => {
  // This environment has not opened with it yet.
  const key = await currentSealingKey(daysFromNow(31));
  const stored = sealedBytes(await seal(key, witness, job));
  await ssm.send(new DeleteParameterCommand({ Name: `${sealingKeysPath()}/${key.id}` }));
  await expect(openedFor(job, stored)).rejects.toThrow();
});

test('a deployment that is given a KMS key has clients seal with another key, and so does one that loses it', async () => {
  onTestFinished(() => void vi.unstubAllEnvs());
  const kept = await currentSealingKey(daysFromNow(62));
  const { KeyMetadata } = await new KMSClient().send(new CreateKeyCommand());
  vi.stubEnv('STACK_KEY_ARN', KeyMetadata?.Arn);
  const wrapped = await currentSealingKey(daysFromNow(63));
  expect([wrapped.id === kept.id, wrapped.privateKey]).toEqual([false, expect.any(Uint8Array)]);
  await expect(expectValid(kept.id, daysFromNow(63))).rejects.toMatchObject({ code: 'SEALING_KEY_NOT_FOUND' });
  vi.unstubAllEnvs();
  const again = await currentSealingKey(daysFromNow(64));
  expect([again.id === wrapped.id, again.privateKey]).toEqual([false, undefined]);
});
