/** No time-out costs a proof: here one takes far longer than API Gateway lets a request wait. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createProvingTransactionPayload } from '@midnight-ntwrk/ledger-v8';
import { httpClientProvingProvider } from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

/** How often something was asked to be proved. */
async function jobsOf(operation: string): Promise<number> {
  const { Count } = await DynamoDBDocumentClient.from(awsAt(stack.endpoint).dynamodb).send(
    new ScanCommand({
      TableName: stack.outputs.TableName,
      FilterExpression: 'operation = :operation AND attribute_not_exists(parent)',
      ExpressionAttributeValues: { ':operation': operation },
    }),
  );
  return Count ?? 0;
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
    expect(await jobsOf('prove')).toBe(1);
  });

  test('a transaction outlives its 503: asked again, the answer is that of the same job', async () => {
    const { transaction } = await generateTransaction('midnight/zswap/output');
    const body = Uint8Array.from(createProvingTransactionPayload(transaction, new Map()));
    const jobs = new Set<string | null>();
    for (;;) {
      const response = await fetch(`${stack.url}/prove-tx`, { method: 'POST', body });
      jobs.add(response.headers.get('x-job-id'));
      if (response.status === 200) break;
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(jobs.size).toBe(1);
    expect(await jobsOf('transaction')).toBe(1);
  });
});
