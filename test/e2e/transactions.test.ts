/** `POST /prove-tx`: whole transactions, whose proofs are jobs of their own. */
import { readFile } from 'node:fs/promises';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  createProvingTransactionPayload,
  type PreBinding,
  type Proof,
  type ProvingKeyMaterial,
  type SignatureEnabled,
  Transaction,
  type UnprovenTransaction,
} from '@midnight-ntwrk/ledger-v8';
import { jsonIrToBinary } from '@midnight-ntwrk/zkir-v2';
import { describe, expect, inject, test } from 'vitest';
import { objectOf } from '../../core/store/objects.ts';
import { awsAt } from '../../local/aws.ts';
import { fallibleCount } from '../generator/calls/fallible-count.ts';
import { unprovenCall, unprovenDeploy } from '../generator/calls/unproven-call.ts';
import { binaryIr } from '../generator/circuits.ts';
import { generateTransaction } from '../generator/generate.ts';
import { keyFiles, verifierFile } from '../generator/keys.ts';
import { verifies } from '../generator/native-prover.ts';
import { offerOfOutput, unprovenZswapOutputs } from '../generator/zswap-output.ts';
import { get, type JobView, jobView } from '../stack/api.ts';

const COUNT = 'fallible/count';
const { dynamodb, s3 } = awsAt(inject('awsEndpoint'));
const { TableName = '', BucketName = '' } = inject('outputs');

/** Asks again after a 503, as clients do. */
async function post(transaction: UnprovenTransaction, keys = new Map<string, ProvingKeyMaterial>()): Promise<Response> {
  const body = Uint8Array.from(createProvingTransactionPayload(transaction, keys));
  for (;;) {
    const response = await fetch(`${inject('baseUrl')}/prove-tx`, { method: 'POST', body });
    if (response.status !== 503) return response;
  }
}

async function provenBy(response: Response) {
  const bytes = new Uint8Array(await response.arrayBuffer());
  expect(response.status, Buffer.from(bytes).toString('utf8')).toBe(200);
  return {
    bytes,
    transaction: Transaction.deserialize<SignatureEnabled, Proof, PreBinding>(
      'signature',
      'proof',
      'pre-binding',
      bytes,
    ),
  };
}

const idOf = (response: Response): string => response.headers.get('x-job-id') ?? '';
const jobOf = async (id: string): Promise<JobView> => jobView.parse(await (await get(`/v1/jobs/${id}`)).json());
const partsOf = async (response: Response): Promise<JobView[]> =>
  Promise.all(((await jobOf(idOf(response))).parts ?? []).map(jobOf));

/** A circuit's IR with the keys of that circuit, or of another one. */
async function keyMaterial(circuit: string, keysOf = circuit): Promise<ProvingKeyMaterial> {
  const { prover, verifier } = await keyFiles(keysOf);
  return { proverKey: await readFile(prover), verifierKey: await readFile(verifier), ir: binaryIr(circuit) };
}

describe('a transaction comes back proven', () => {
  test('with several shielded outputs, whose proofs are made side by side', async () => {
    const { transaction, ledger } = unprovenZswapOutputs(2);
    const response = await post(transaction);
    ledger.assertValid((await provenBy(response)).transaction);
    const parts = await partsOf(response);
    expect(parts).toMatchObject([{ operation: 'prove' }, { operation: 'prove' }]);
    const firstEnd = parts.map(({ endedAt }) => endedAt).sort()[0] as string;
    for (const { startedAt = '' } of parts) expect(startedAt < firstEnd).toBe(true);
  });

  test('with a dust spend', async () => {
    const { transaction, ledger } = await generateTransaction('midnight/dust/spend');
    const response = await post(transaction);
    const proven = await provenBy(response);
    ledger.assertValid(proven.transaction);
    const [part] = await partsOf(response);
    await expectProofIn(proven.bytes, part, 'midnight/dust/spend');
  });

  test('with a contract call whose keys come along: it is checked, then proved', async () => {
    const { transaction, ledger } = await generateTransaction(COUNT);
    const response = await post(transaction, new Map([['count', await keyMaterial(COUNT)]]));
    const proven = await provenBy(response);
    ledger.assertValid(proven.transaction);
    const parts = await partsOf(response);
    expect(parts).toMatchObject([{ operation: 'check' }, { operation: 'prove', circuit: 'count' }]);
    await expectProofIn(proven.bytes, parts[1], COUNT);
  });

  test('without any proof, if it deploys a contract', async () => {
    const { transaction, ledger } = unprovenDeploy(fallibleCount(), await readFile(await verifierFile(COUNT)));
    const response = await post(transaction);
    ledger.assertValid((await provenBy(response)).transaction);
    expect(await partsOf(response)).toEqual([]);
  });
});

/** The package verifies zswap proofs only; the others are held against their statement here. */
async function expectProofIn(transaction: Uint8Array, part: JobView | undefined, circuit: string): Promise<void> {
  const proof = Buffer.from(part?.proof ?? '', 'base64');
  const content = proof.subarray(proof.length - 1000);
  expect(content).toHaveLength(1000);
  expect(Buffer.from(transaction).includes(content)).toBe(true);
  expect(await verifies(proof, await verifierFile(circuit), part?.statement ?? [])).toBe(true);
}

describe('a transaction of which one proof fails', () => {
  test('is refused with the reason; the other jobs are cancelled and no witness is left', async () => {
    const { transaction } = unprovenCall(fallibleCount(), await readFile(await verifierFile(COUNT)), offerOfOutput());
    const foreign = await keyMaterial(COUNT, 'token-vault/depositUnshielded');
    const response = await post(transaction, new Map([['count', foreign]]));
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/^bad input: .{10,}/);

    const parts = await partsInTable(idOf(response));
    const outcomes = parts.map(({ circuit, operation, state }) => `${operation} ${circuit}: ${state}`);
    expect(outcomes.sort()).toEqual([
      'check count: succeeded',
      'prove count: failed',
      'prove midnight/zswap/output: cancelled',
    ]);
    for (const id of [idOf(response), ...parts.map((part) => part.id)]) {
      await expect(witnessOf(id)).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
    }
  });

  test('says so, too, if it brings no keys for a circuit that nobody knows; no proof is made then', async () => {
    const { transaction } = unprovenCall(fallibleCount(), await readFile(await verifierFile(COUNT)), offerOfOutput());
    const response = await post(transaction);
    expect(response.status).toBe(400);
    expect(await response.text()).toBe(
      'bad input: No circuit count here, and the request brings no keys for it. Register its contract, and name that.',
    );
    const states = (await partsInTable(idOf(response))).map(({ state }) => state);
    expect(states.filter((state) => state !== 'cancelled')).toEqual([]);
  });

  test('is refused if it does not fit the circuit that comes along, at which the ledger package panics', async () => {
    const { transaction } = await generateTransaction(COUNT);
    const nothing = { version: { major: 2, minor: 0 }, num_inputs: 0, do_communications_commitment: false };
    const ir = jsonIrToBinary(JSON.stringify({ ...nothing, instructions: [] }));
    const response = await post(transaction, new Map([['count', { ...(await keyMaterial(COUNT)), ir }]]));
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/^bad input: .{10,}/);
  });
});

type PartRow = { id: string; operation: string; circuit: string; state: string };

async function partsInTable(parent: string): Promise<PartRow[]> {
  const { Items } = await DynamoDBDocumentClient.from(dynamodb).send(
    new ScanCommand({
      TableName,
      FilterExpression: 'parent = :parent',
      ExpressionAttributeValues: { ':parent': parent },
      ConsistentRead: true,
    }),
  );
  return (Items ?? []) as PartRow[];
}

const witnessOf = (jobId: string) =>
  s3.send(new HeadObjectCommand({ Bucket: BucketName, Key: objectOf.witness(jobId) }));
