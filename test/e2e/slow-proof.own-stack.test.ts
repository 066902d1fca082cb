/** No time-out costs a proof: here one takes far longer than API Gateway lets a request wait. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createProvingPayload, createProvingTransactionPayload } from '@midnight-ntwrk/ledger-v8';
import { httpClientProvingProvider } from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startProxy } from '../../cli/proxy/server.ts';
import { API_TIMEOUT_SECONDS } from '../../core/limits.ts';
import { awsAt } from '../../local/aws.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import type { LocalStack } from '../../local/stack.ts';
import { irFile } from '../generator/circuits.ts';
import { generateRequest, generateTransaction } from '../generator/generate.ts';
import { ContractKeys, verifierFile } from '../generator/keys.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';
import { type GatedProver, gatedProver } from '../stack/gated-prover.ts';
import { startOwnStack } from '../stack/own-stack.ts';

const CIRCUIT = 'fallible/count';
/** Three requests end without their answer in that time, and the client makes no more than four. */
const PROOF_MS = 116_000;
const TEST_MS = 240_000;

let stack: LocalStack;
let prover: GatedProver;

beforeAll(async () => {
  prover = await gatedProver(join(STATE_ROOT, 'test-gate'));
  const pool = { workers: 2, capacity: 0, timeoutSeconds: 600 };
  stack = await startOwnStack({ pool, proverExecutable: prover.executable });
  // The prover is slow: that is what is tried, not something to wait for.
  delay(PROOF_MS).then(prover.open);
}, TEST_MS);

afterAll(() => stack?.stop());

/** The jobs of that kind, without the parts of transactions. */
async function jobsOf(attribute: 'operation' | 'circuit', value: string): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await DynamoDBDocumentClient.from(awsAt(stack.endpoint).dynamodb).send(
    new ScanCommand({
      TableName: stack.outputs.TableName,
      FilterExpression: '#attribute = :value AND attribute_not_exists(parent)',
      ExpressionAttributeNames: { '#attribute': attribute },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
  return Items;
}

describe.concurrent('with a prover that takes nearly two minutes', { timeout: TEST_MS }, () => {
  test('midnight-js, as it is, gets its proof, which was made once', async () => {
    const request = await generateRequest(CIRCUIT);
    const client = httpClientProvingProvider(stack.url, new ContractKeys('fallible'));
    const begun = performance.now();
    const proof = await client.prove(request.preimage, request.keyLocation, request.bindingInput);
    expect(performance.now() - begun).toBeGreaterThan(PROOF_MS / 2);
    const statement = await statementOf(request, irFile(CIRCUIT));
    expect(await verifies(proof, await verifierFile(CIRCUIT), statement)).toBe(true);
    expect(await jobsOf('circuit', 'count')).toHaveLength(1);
  });

  test('a transaction outlives its 503: asked again, the answer is that of the same job', async () => {
    const { transaction } = await generateTransaction('midnight/zswap/output');
    const body = Uint8Array.from(createProvingTransactionPayload(transaction, new Map()));
    const jobs = new Set<string>();
    for (;;) {
      const response = await fetch(`${stack.url}/prove-tx`, { method: 'POST', body });
      const job = response.headers.get('x-job-id');
      // Where the API's own time-out is quicker than submit, it names none.
      if (job) jobs.add(job);
      if (response.status === 200) break;
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(jobs.size).toBe(1);
    expect(await jobsOf('operation', 'transaction')).toHaveLength(1);
  });

  test('a wallet behind nightshift proxy waits for its proof in one request', async ({ onTestFinished }) => {
    const proxy = await startProxy({ deployment: { url: stack.url }, port: 0, log: () => undefined });
    onTestFinished(() => proxy.close(AbortSignal.abort()));
    const { preimage, keyLocation, bindingInput } = await generateRequest('midnight/dust/spend');
    const begun = performance.now();
    const body = Uint8Array.from(createProvingPayload(preimage, bindingInput));
    const response = await fetch(`${proxy.url}/prove`, { method: 'POST', body });
    expect(response.status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThan(2 * API_TIMEOUT_SECONDS * 1000);
    const statement = await statementOf({ preimage, keyLocation, bindingInput }, irFile(keyLocation));
    expect(await verifies(await response.bytes(), await verifierFile(keyLocation), statement)).toBe(true);
    expect(await jobsOf('circuit', keyLocation)).toHaveLength(1);
  });

  test('the job of a client that hangs up on nightshift proxy is cancelled', async () => {
    const lines: string[] = [];
    const proxy = await startProxy({ deployment: { url: stack.url }, port: 0, log: (line) => lines.push(line) });
    const { preimage, keyLocation } = await generateRequest('midnight/zswap/output');
    const client = new AbortController();
    const body = Uint8Array.from(createProvingPayload(preimage, undefined));
    const asked = fetch(`${proxy.url}/prove`, { method: 'POST', body, signal: client.signal });
    await expect.poll(() => jobsOf('circuit', keyLocation), { timeout: TEST_MS }).toHaveLength(1);
    client.abort();
    await expect(asked).rejects.toThrow();
    await proxy.close(new AbortController().signal);
    expect(await jobsOf('circuit', keyLocation)).toMatchObject([{ state: 'cancelled' }]);
    expect(lines).toEqual([expect.stringMatching(/^POST \/prove cut off \d+\.\d s( [0-9a-f-]{36})?$/)]);
  });
});
