/** Sealed witnesses on the server's side: at rest, in requests, and while keys change. */
import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { sealingKeyView } from '../../core/api/sealing-key.ts';
import { tableName } from '../../core/config.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { type Job, type ProofJob, readJob } from '../../core/jobs/job.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import type { Binding } from '../../core/sealing/additional-data.ts';
import { openedFor, sealedFor } from '../../core/sealing/at-rest.ts';
import { seal } from '../../core/sealing/seal.ts';
import { readSealed, type SealedWitness, sealedBytes } from '../../core/sealing/sealed-witness.ts';
import { currentSealingKey, expectValid } from '../../core/sealing/sealing-keys.ts';
import { deleteObject, getObject, objectOf, putObject } from '../../core/store/objects.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';
import { type Answer, ask } from '../stack/ask.ts';
import { invokeProve, newProof, outcomeOf, SMALL } from '../stack/proof-jobs.ts';
import { storedWitness } from '../stack/stored-witness.ts';

const DAY_MS = 24 * 3_600_000;
const daysFromNow = (days: number) => new Date(Date.now() + days * DAY_MS);

const rowsOfKeys = async () =>
  ((await table.send(new ScanCommand({ TableName: tableName() }))).Items ?? []).filter(
    ({ SK }) => SK === 'SEALING_KEY',
  );

const witness = new TextEncoder().encode('not for anyone');

afterAll(() => nativeProver().stop());

test('of many who find no sealing key and make one at once, one comes first, and all have that one', async () => {
  expect(await rowsOfKeys()).toEqual([]);
  const keys = await Promise.all(Array.from({ length: 8 }, () => currentSealingKey()));
  expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
  expect(await rowsOfKeys()).toMatchObject([{ id: keys[0]?.id }]);
});

describe('at rest', () => {
  const job = { tenant: LOCAL_TENANT, id: randomUUID(), operation: 'prove', circuit: 'c' } as ProofJob;

  test('a witness is sealed, and opens for its own job', async () => {
    const stored = await sealedFor(job, witness);
    expect(Buffer.from(stored).includes(Buffer.from(witness))).toBe(false);
    expect(await openedFor(job, stored)).toEqual(witness);
  });

  test.each<[string, Partial<ProofJob>]>([
    ['another job', { id: randomUUID() }],
    ['another tenant', { tenant: 'somebody-else' }],
    ['another circuit', { circuit: 'd' }],
    ['another contract', { contract: 'f'.repeat(64) }],
    ['another binding input', { bindingInput: '7' }],
    ['another operation', { operation: 'check' }],
  ])('it does not open for %s', async (_, other) => {
    const stored = await sealedFor(job, witness);
    await expect(openedFor({ ...job, ...other }, stored)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test.each([
    ['version', 0],
    ['encapsulated key’s form', 17],
    ['encapsulated key', 20],
    ['ciphertext', 82],
    ['tag', -1],
  ])('it does not open once its %s was changed', async (_, at) => {
    const stored = await sealedFor(job, witness);
    const changed = stored.with(at, (stored.at(at) as number) ^ 1);
    await expect(openedFor(job, changed)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('it does not open with another key, or one that there is not', async () => {
    const sealed = readSealed(await sealedFor(job, witness)) as SealedWitness;
    const unknown = sealedBytes({ ...sealed, keyId: randomUUID() });
    await expect(openedFor(job, unknown)).rejects.toMatchObject({ code: 'SEALING_KEY_NOT_FOUND' });
    const { id: keyId } = await currentSealingKey(daysFromNow(30));
    await expect(openedFor(job, sealedBytes({ ...sealed, keyId }))).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  });

  test('what is stored opens by the KMS key alone: a copy of table and bucket is of no use', async () => {
    // This environment has not unwrapped it yet.
    const stored = sealedBytes(await seal(await currentSealingKey(daysFromNow(61)), witness, job));
    const { KeyMetadata } = await new KMSClient().send(new CreateKeyCommand());
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('STACK_KEY_ARN', KeyMetadata?.Arn);
    await expect(openedFor(job, stored)).rejects.toThrow();
    vi.unstubAllEnvs();
    expect(await openedFor(job, stored)).toEqual(witness);
  });
});

describe('a job with a witness that its client sealed', () => {
  /** As a client does it. */
  async function sealedByClient(binding: Binding, preimage: Uint8Array) {
    const { body } = await ask('GET', '/v1/sealing-key');
    const { id, publicKey } = sealingKeyView.parse(body);
    return seal({ id, publicKey: Buffer.from(publicKey, 'base64') }, preimage, binding);
  }

  /** A proof of the small circuit, sealed for its own job unless it is said for which. */
  async function admitSealed(binding: Partial<Binding> = {}, preimage?: Uint8Array, bindingInput?: string) {
    const { witness: fresh, ...asked } = await newProof(SMALL);
    const id = randomUUID();
    const bound = { ...asked, id, bindingInput, ...binding };
    const sealed = await sealedByClient(bound, preimage ?? (fresh as Uint8Array));
    return admitJob({ ...asked, id, bindingInput, witness: sealed });
  }

  test('is proved, with the binding input that stands beside it', async () => {
    const job = await admitSealed();
    expect(await invokeProve(job)).toBe('deleted');
    const own = await outcomeOf(job);
    expect(own).toMatchObject({ state: 'succeeded', attempts: 1, witness: undefined });

    const bound = await admitSealed({}, undefined, '7');
    await invokeProve(bound);
    const other = (await outcomeOf(bound)) as unknown as ProofJob;
    expect(other).toMatchObject({ state: 'succeeded', bindingInput: '7' });
    expect(other.statement).toContain('7');
  });

  test.each<[string, Partial<Binding>]>([
    ['job', { id: randomUUID() }],
    ['tenant', { tenant: 'somebody-else' }],
    ['circuit', { circuit: 'another' }],
    ['binding input', { bindingInput: '8' }],
  ])('fails at the first attempt if it was sealed for another %s', async (_, binding) => {
    const job = await admitSealed(binding);
    expect(await invokeProve(job)).toBe('deleted');
    const error = { code: 'INVALID_REQUEST', message: expect.stringContaining('does not open') };
    expect(await outcomeOf(job)).toMatchObject({ state: 'failed', attempts: 1, error, witness: undefined });
  });

  test('fails if another job’s witness is put in its place', async () => {
    const [one, another] = [await admitSealed(), await admitSealed()];
    await putObject(objectOf.witness(one.id), (await getObject(objectOf.witness(another.id))) as Uint8Array);
    await invokeProve(one);
    expect(await outcomeOf(one)).toMatchObject({ state: 'failed', attempts: 1, error: { code: 'INVALID_REQUEST' } });
    await invokeProve(another);
    expect(await outcomeOf(another)).toMatchObject({ state: 'succeeded' });
  });

  test.each([
    ['is no preimage', Buffer.from('midnight:nothing:'), undefined, /expected header tag/],
    ['has a binding input that is none', undefined, '9'.repeat(77), /must be a decimal number below/],
  ])('fails if it %s', async (_, preimage, bindingInput, message) => {
    const job = await admitSealed({}, preimage, bindingInput);
    await invokeProve(job);
    const error = { code: 'INVALID_REQUEST', message: expect.stringMatching(message) };
    expect(await outcomeOf(job)).toMatchObject({ state: 'failed', attempts: 1, error });
  });

  describe('asked for by', () => {
    const circuit = 'midnight/dust/spend';

    async function form(id: string, binding: Partial<Binding> = {}) {
      const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin');
      const bound = { tenant: LOCAL_TENANT, id, operation: 'prove', circuit, ...binding };
      const sealed = sealedBytes(await sealedByClient(bound, preimage));
      return { circuit, id, sealed: Buffer.from(sealed).toString('base64') };
    }
    const submit = (body: object, headers: Record<string, string> = {}) => ask('POST', '/v1/jobs', { body, headers });

    test('a request: what is stored is what was sent', async () => {
      const sent = { ...(await form(randomUUID(), { bindingInput: '7' })), bindingInput: '7' };
      expect(await submit(sent)).toMatchObject({ status: 202, body: { id: sent.id, circuit } });
      const job = (await readJob(LOCAL_TENANT, sent.id)) as Job;
      expect(job).toMatchObject({ bindingInput: '7' });
      expect(await getObject(objectOf.witness(sent.id))).toEqual(new Uint8Array(Buffer.from(sent.sealed, 'base64')));
      expect(await storedWitness(job)).toBeDefined();
    });

    test('a request that can’t be sealed so is refused at once', async () => {
      const sent = await form(randomUUID());
      const { id: _, ...withoutId } = sent;
      const unknown = sealedBytes({
        ...(readSealed(Buffer.from(sent.sealed, 'base64')) as SealedWitness),
        keyId: randomUUID(),
      });
      for (const [body, status, code, detail] of [
        [withoutId, 400, 'INVALID_REQUEST', /^id: /],
        [{ ...sent, preimage: 'AAAA' }, 400, 'INVALID_REQUEST', /either preimage or sealed/],
        [{ circuit, id: sent.id }, 400, 'INVALID_REQUEST', /either preimage or sealed/],
        [{ ...sent, sealed: 'AAAA' }, 400, 'INVALID_REQUEST', /^sealed: /],
        [{ ...sent, circuit: 'nobody/knows' }, 404, 'CIRCUIT_NOT_FOUND', /nobody\/knows/],
        [{ ...sent, sealed: Buffer.from(unknown).toString('base64') }, 404, 'SEALING_KEY_NOT_FOUND', /sealing-key/],
      ] as const) {
        expect(await submit(body)).toMatchObject({ status, body: { code, detail: expect.stringMatching(detail) } });
      }
      expect(await submit(sent), 'none of that has used the id up').toMatchObject({ status: 202 });
    });

    test('a request with an Idempotency-Key: sealed anew it is the same, whatever the id', async () => {
      const headers = { 'Idempotency-Key': randomUUID() };
      const [first, again] = [await form(randomUUID()), await form(randomUUID())];
      expect(await submit(first, headers)).toMatchObject({ status: 202, body: { id: first.id } });
      const replayed = { status: 202, headers: { 'idempotent-replayed': 'true' }, body: { id: first.id } };
      expect(await submit(again, headers)).toMatchObject(replayed);
      const other = { ...first, bindingInput: '7' };
      expect(await submit(other, headers)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    });

    test('a request whose id stands for a key: sealed anew it is the same', async () => {
      const id = randomUUID();
      await submit(await form(id));
      const replayed = { status: 202, headers: { 'idempotent-replayed': 'true' }, body: { id } };
      expect(await submit(await form(id))).toMatchObject(replayed);
    });

    test('a request that broke off: only what is sealed for its id makes it good', async () => {
      const headers = { 'Idempotency-Key': randomUUID() };
      const id = randomUUID();
      await submit(await form(id), headers);
      await breakOff(id);
      expect(await submit(await form(randomUUID()), headers)).toMatchObject({ status: 202, body: { id } });
      expect(await getObject(objectOf.witness(id))).toBeUndefined();
      expect(await submit(await form(id), headers)).toMatchObject({ status: 202, body: { id } });
      expect(await storedWitness((await readJob(LOCAL_TENANT, id)) as Job)).toBeDefined();
    });

    /** As a crash between the job's row and its witness leaves it. */
    async function breakOff(id: string): Promise<void> {
      const update = { TableName: tableName(), Key: keyOf.job(id), UpdateExpression: 'REMOVE enqueuedAt' };
      await table.send(new UpdateCommand(update));
      await deleteObject(objectOf.witness(id));
    }

    describe('a batch', () => {
      const submitBatch = (items: object[], headers: Record<string, string> = {}) =>
        ask('POST', '/v1/batches', { body: { items }, headers });
      const itemsOf = ({ body }: Answer) => body.items as { job?: string; state: string; error?: { code: string } }[];

      test('beside others that are not, by the ids that were chosen', async () => {
        const sent = await form(randomUUID());
        const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin', 'base64');
        const batch = await submitBatch([sent, { circuit, preimage }]);
        expect(itemsOf(batch)).toMatchObject([
          { job: sent.id, state: 'queued' },
          { job: expect.any(String), state: 'queued' },
        ]);
        expect(await storedWitness((await readJob(LOCAL_TENANT, sent.id)) as Job)).toBeDefined();
      });

      test('sealed with a key that there is not is refused as a whole, and good once it is sealed anew', async () => {
        const headers = { 'Idempotency-Key': randomUUID() };
        const [sent, other] = [await form(randomUUID()), await form(randomUUID())];
        const keyId = randomUUID();
        const witness = readSealed(Buffer.from(other.sealed, 'base64')) as SealedWitness;
        const unknown = { ...other, sealed: Buffer.from(sealedBytes({ ...witness, keyId })).toString('base64') };
        const refused = {
          status: 404,
          body: { code: 'SEALING_KEY_NOT_FOUND', detail: expect.stringContaining(keyId) },
        };
        expect(await submitBatch([sent, unknown], headers)).toMatchObject(refused);
        expect(await readJob(LOCAL_TENANT, sent.id)).toBeUndefined();
        const batch = await submitBatch([sent, other], headers);
        expect(batch.headers).not.toHaveProperty('idempotent-replayed');
        expect(itemsOf(batch)).toMatchObject([{ job: sent.id }, { job: other.id }]);
      });

      test('again with its key, sealed anew', async () => {
        const headers = { 'Idempotency-Key': randomUUID() };
        const batch = await submitBatch([await form(randomUUID())], headers);
        const again = await submitBatch([await form(randomUUID())], headers);
        expect(itemsOf(again)).toEqual(itemsOf(batch));
      });

      test('with an id twice, or that another job has: that one is not touched', async () => {
        const sent = await form(randomUUID());
        expect(await submitBatch([sent, sent])).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
        await submit(sent);
        const batch = await submitBatch([sent]);
        const refused = [{ state: 'failed', error: { code: 'CONFLICT' } }];
        expect(itemsOf(batch)).toMatchObject(refused);
        const path = `/v1/batches/${batch.body.id}`;
        expect((await ask('GET', `${path}?wait=20`)).body).toMatchObject({ state: 'ended', items: refused });
        expect(itemsOf(await ask('DELETE', path))).toMatchObject(refused);
        expect(await readJob(LOCAL_TENANT, sent.id)).toMatchObject({ state: 'queued' });
      });
    });
  });
});

describe('when the key changes', () => {
  test('the next one is given out, and the former opens what is in flight', async () => {
    const former = await currentSealingKey(daysFromNow(92));
    const id = randomUUID();
    const { witness: preimage, ...asked } = await newProof(SMALL);
    const sealed = await seal(former, preimage as Uint8Array, { ...asked, id });
    const job = await admitJob({ ...asked, id, witness: sealed });

    const next = await currentSealingKey(daysFromNow(92 + 30));
    expect(next.id).not.toBe(former.id);
    const { body } = await ask('GET', '/v1/sealing-key');
    expect(body).toMatchObject({ id: next.id, validUntil: daysAfter(next, 31) });

    expect(await invokeProve(job)).toBe('deleted');
    expect(await outcomeOf(job)).toMatchObject({ state: 'succeeded' });
  });

  test('what is sealed with the former is taken for a day, and opens for another', async () => {
    const former = await currentSealingKey(daysFromNow(153));
    const { id } = former;
    const rows = await rowsOfKeys();
    const expiresAt = rows.find((row) => row.id === id)?.expiresAt;
    expect(new Date(expiresAt * 1000).getTime()).toBeCloseTo(Date.parse(daysAfter(former, 32)), -4);
    await currentSealingKey(daysFromNow(153 + 30));
    await expect(expectValid(id, daysFromNow(153 + 30.9))).resolves.toBeUndefined();
    await expect(expectValid(id, daysFromNow(153 + 31.1))).rejects.toMatchObject({ code: 'SEALING_KEY_NOT_FOUND' });
  });

  const daysAfter = ({ createdAt }: { createdAt: string }, days: number) =>
    new Date(Date.parse(createdAt) + days * DAY_MS).toISOString();
});
