import { randomUUID } from 'node:crypto';
import './scratch.ts';
import { readFile } from 'node:fs/promises';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { discardFile } from '../../core/artifacts/local-files.ts';
import { knownCircuit } from '../../core/contracts/known-circuit.ts';
import { registerContract } from '../../core/contracts/register.ts';
import { estimateFor } from '../../core/estimate.ts';
import { admitJob } from '../../core/jobs/admit.ts';
import { claimJob } from '../../core/jobs/claim.ts';
import { cancelJob, endJob } from '../../core/jobs/end.ts';
import { type Job, readJob } from '../../core/jobs/job.ts';
import { type ReadyKeys, readKeys, storedKeysOf } from '../../core/keys/keys.ts';
import { API_TIMEOUT_SECONDS } from '../../core/limits.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { objectOf, putObject } from '../../core/store/objects.ts';
import { handler as prefetch } from '../../functions/prefetch/index.ts';
import { handler as prove } from '../../functions/prove/index.ts';
import { handler as submit } from '../../functions/submit/index.ts';
import { ANSWER_MS } from '../../functions/submit/request-end.ts';
import { distinctCircuit as zkir } from '../generator/distinct-circuit.ts';
import { authorizer } from '../stack/caller.ts';
import { deliver } from '../stack/deliver.ts';

const preimage = await readFile('test/data/preimages/fallible-count.preimage.bin');

/** A request as submit gets it; it has `waitMs` to be answered. */
async function post(path: string, body: unknown, waitMs = 20_000) {
  const event = {
    httpMethod: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    requestContext: {
      requestId: randomUUID(),
      requestTimeEpoch: Date.now() - API_TIMEOUT_SECONDS * 1000 + ANSWER_MS + waitMs,
      authorizer: authorizer(),
    },
  } as unknown as APIGatewayProxyEvent;
  const { statusCode, body: answer } = await submit(event, {} as Context);
  return { status: statusCode, ...JSON.parse(answer) };
}

const register = async () => {
  const program = await zkir();
  return registerContract(
    LOCAL_TENANT,
    [{ name: 'count', zkir: async () => program }],
    'midnight',
    new AbortController().signal,
  );
};
const keysOf = async (contract: string) => readKeys((await knownCircuit('count', contract)).keys?.id as string);

afterAll(() => nativeProver().stop());

describe('a claim about a circuit', () => {
  let contract: string;
  let claim: { circuit: string; contract: string; proof: string; statement: string[] };
  /** What it was answered while the keys were not there. */
  let early: unknown;
  beforeAll(async () => {
    contract = await register();
    const job = await admitJob({
      tenant: LOCAL_TENANT,
      operation: 'prove',
      witness: preimage,
      ...(await knownCircuit('count', contract)),
    });
    claim = { circuit: 'count', contract, proof: 'AAAA', statement: [] };
    early = await post('/v1/verify', claim);
    await deliver('keys', prefetch);
    await deliver('small', prove);
    const { result, statement } = (await readJob(LOCAL_TENANT, job.id)) as Job & { statement: string[] };
    claim = { ...claim, proof: Buffer.from(result as Uint8Array).toString('base64'), statement };
  });

  test('is refused while the keys are derived, and verified once they are', async () => {
    expect(early).toMatchObject({
      status: 503,
      code: 'PARAMS_UNAVAILABLE',
      detail: `The keys of count are still being derived. Ask again once they are ready: GET /v1/contracts/${contract}.`,
    });
    expect(await post('/v1/verify', claim)).toEqual({ status: 200, valid: true });
  });

  test('is refused if the stored verifier key is damaged, which is derived anew', async () => {
    const keys = (await keysOf(contract)) as ReadyKeys;
    const { verifier } = storedKeysOf(keys);
    await nativeProver().stop();
    await discardFile(verifier);
    await putObject(objectOf.key(keys.id, 'verifier'), Buffer.from('junk'));
    const refused = await post('/v1/verify', { items: [claim, claim] });
    expect(refused).toMatchObject({ status: 500, code: 'INTERNAL', detail: expect.stringContaining('derived anew') });
    expect(await keysOf(contract)).toMatchObject({ state: 'building' });
  });

  test('is held against no verifier key but the one derived', async () => {
    const program = await zkir();
    const verifierKey = await readFile('layers/prover/assets/midnight/dust/spend.verifier');
    const given = [{ name: 'count', zkir: async () => program, verifierKey }];
    const mismatched = await registerContract(LOCAL_TENANT, given, 'midnight', new AbortController().signal);
    await deliver('keys', prefetch);
    expect(await post('/v1/verify', { ...claim, contract: mismatched })).toMatchObject({
      status: 400,
      code: 'KEY_MISMATCH',
    });
  });
});

describe('a check', () => {
  let body: { circuit: string; contract: string; preimage: string; bindingInput: string };
  /** Other bodies from test to test, so that none finds another one's job. */
  let bindingInput = 0;
  let contract: string;
  beforeAll(async () => {
    contract = await register();
  });
  beforeEach(() => {
    body = { circuit: 'count', contract, preimage: preimage.toString('base64'), bindingInput: `${++bindingInput}` };
  });

  const idOf = ({ instance }: { instance: string }) => instance.replace('/v1/jobs/', '');

  test('that takes longer than the request may is told with its job, and the same request again gets its answer', async () => {
    const first = await post('/v1/check', body, 100);
    expect(first).toMatchObject({ status: 504, code: 'TIMEOUT', instance: expect.stringMatching(/^\/v1\/jobs\//) });
    expect(await readJob(LOCAL_TENANT, idOf(first))).toMatchObject({ operation: 'check', state: 'queued' });
    const second = post('/v1/check', body);
    await endJob((await claimJob(idOf(first), 'message')) as Job, { state: 'succeeded', result: new Uint8Array([7]) });
    expect(await second).toMatchObject({ status: 200, satisfied: true, estimate: { k: 6, lane: 'small' } });
  });

  test('that fails is a problem with its job', async () => {
    const first = await post('/v1/check', body, 100);
    const second = post('/v1/check', body);
    await cancelJob(LOCAL_TENANT, idOf(first), 'Cancelled on request.');
    expect(await second).toMatchObject({
      status: 409,
      code: 'CANCELLED',
      detail: 'Cancelled on request.',
      instance: first.instance,
    });
  });
});

test('an estimate counts the jobs of the lane that have to end first', async () => {
  process.env.LANES = JSON.stringify({ maxConcurrency: 2 });
  try {
    const contract = await register();
    const circuit = await knownCircuit('count', contract);
    const estimate = () => post('/v1/estimate', { circuit: 'count', contract });
    const admit = () => admitJob({ tenant: LOCAL_TENANT, operation: 'prove', witness: preimage, ...circuit });
    // Whatever the tests before left there.
    const { queuedMs: before, proveMs } = await estimate();
    const jobs = [await admit(), await admit(), await admit()];
    const { queuedMs } = await estimate();
    expect(queuedMs).toBeGreaterThan(before);
    const last = await estimateFor(jobs[2] as Job & { k: number }, { admitted: true });
    expect(queuedMs - last.queuedMs).toBeCloseTo(proveMs / 2, -1);
  } finally {
    delete process.env.LANES;
  }
});
