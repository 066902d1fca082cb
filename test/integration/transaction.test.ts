/** The ledger package at arm's length, and transactions whose workers come and go. */
import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Transaction } from '@midnight-ntwrk/ledger-v8';
import { describe, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { bucketName, tableName } from '../../core/config.ts';
import { admitJob, type NewProofJob } from '../../core/jobs/admit.ts';
import { claimJob } from '../../core/jobs/claim.ts';
import { readJob } from '../../core/jobs/job.ts';
import { getObject, objectOf } from '../../core/store/objects.ts';
import { jobIdOf } from '../../core/store/queues.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';
import { handler } from '../../functions/transaction/index.ts';
import { Ledger, type Request } from '../../functions/transaction/ledger.ts';
import { generateTransaction } from '../generator/generate.ts';
import { ask } from '../stack/ask.ts';
import { deliver, receive } from '../stack/deliver.ts';
import { storedWitness } from '../stack/stored-witness.ts';

/** By which the jobs are delivered. */
const MESSAGE = 'message';

const NO_SKIPS = Buffer.from('midnight:vec(option(u64)):\x00', 'latin1');
const PLACEHOLDER = Buffer.from('midnight:proof-versioned:\x01\x00', 'latin1');

const unproven = async () => Uint8Array.from((await generateTransaction('fallible/count')).transaction.serialize());

describe('the ledger package', () => {
  test('asks for the same parts each time it is given the same transaction', async () => {
    const transaction = (await generateTransaction('midnight/dust/spend')).transaction.serialize();
    const asked: Request[] = [];
    await using ledger = new Ledger();
    for (let time = 0; time < 2; time++) {
      const proven = await ledger.prove(Uint8Array.from(transaction), async (request) => {
        asked.push(request);
        return PLACEHOLDER;
      });
      Transaction.deserialize('signature', 'proof', 'pre-binding', proven);
    }
    expect(asked[0]).toMatchObject({ operation: 'prove', keyLocation: 'midnight/dust/spend' });
    expect(asked[1]).toEqual(asked[0]);
  });

  test('panics without taking the function along', async () => {
    await using ledger = new Ledger();
    // A call has more to skip than nothing.
    await expect(ledger.prove(await unproven(), async () => NO_SKIPS)).rejects.toMatchObject({
      code: 'INVALID_WITNESS',
      message: 'The transaction does not fit the circuits that it names.',
    });
  });

  test('says why it cannot prove, if it is its provider that fails', async () => {
    await using ledger = new Ledger();
    const failing = () => Promise.reject(new Error('no such part'));
    await expect(ledger.prove(await unproven(), failing)).rejects.toMatchObject({ code: 'INVALID_WITNESS' });
  });
});

describe('a transaction that is given up', () => {
  const partsOf = async (id: string) => (await ask('GET', `/v1/jobs?parent=${id}`)).body.jobs as { state: string }[];

  /** Nobody takes up its parts. */
  async function admit(deadlineSeconds?: number): Promise<string> {
    const witness = (await generateTransaction('midnight/dust/spend')).transaction.serialize();
    const transaction = { tenant: LOCAL_TENANT, operation: 'transaction', circuits: {}, witness } as const;
    return (await admitJob({ ...transaction, deadlineSeconds })).id;
  }

  test('because it is cancelled takes its parts along', async () => {
    const id = await admit();
    const delivery = deliver('transaction', handler);
    const part = await receive('medium');
    expect(part.attributes).toMatchObject({ MessageGroupId: LOCAL_TENANT });
    expect(await partsOf(id)).toMatchObject([{ id: jobIdOf(part) }]);
    expect(await ask('DELETE', `/v1/jobs/${id}`)).toMatchObject({ body: { state: 'cancelled' } });
    expect((await delivery).became).toBe('deleted');
    expect(await partsOf(id)).toMatchObject([{ state: 'cancelled' }]);
    expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ state: 'cancelled' });
  });

  test('because its deadline passes says so, and takes its parts along', async () => {
    const id = await admit(5);
    expect((await deliver('transaction', handler)).became).toBe('deleted');
    const error = { code: 'TIMEOUT', message: expect.stringContaining('deadline') };
    expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ state: 'failed', error });
    expect(await partsOf(id)).toMatchObject([{ state: 'cancelled' }]);
  });
});

describe('a part of a transaction', () => {
  const part: NewProofJob = {
    tenant: LOCAL_TENANT,
    operation: 'prove',
    circuit: 'c',
    k: 6,
    witness: new Uint8Array(8),
  };

  test('whose transaction is gone is cancelled when it is its turn', async () => {
    const { id } = await admitJob({ ...part, parent: randomUUID() });
    expect(await claimJob(id, MESSAGE)).toBeUndefined();
    expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ state: 'cancelled', error: { code: 'CANCELLED' } });
    expect(await getObject(objectOf.witness(id))).toBeUndefined();
  });

  test('asked for again is the one that there is, completed if its admission broke off', async () => {
    const id = randomUUID();
    await admitJob({ ...part, id });
    // As a crash between the row and the witness leaves it.
    await new S3Client({ forcePathStyle: true }).send(
      new DeleteObjectCommand({ Bucket: bucketName(), Key: objectOf.witness(id) }),
    );
    await table.send(
      new UpdateCommand({ TableName: tableName(), Key: keyOf.job(id), UpdateExpression: 'REMOVE enqueuedAt' }),
    );
    const completed = await admitJob({ ...part, id });
    expect(completed).toMatchObject({ id, state: 'queued' });
    expect(await storedWitness(completed)).toEqual(part.witness);
    expect(await readJob(LOCAL_TENANT, id)).toMatchObject({ enqueuedAt: expect.any(String), attempts: 0 });
  });
});
