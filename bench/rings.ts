/**
 * One proof in three rings: the native prover alone, a warm invocation of the prove handler around it, and a request
 * through the whole local stack around that. The rings take turns, so that a slow moment of the machine hits all three.
 */
import { S3Client } from '@aws-sdk/client-s3';
import { createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import type { Context, SQSRecord } from 'aws-lambda';
import { LOCAL_TENANT } from '../core/access/tenant.ts';
import { withArtifacts } from '../core/artifacts/at-hand.ts';
import { proverConfig } from '../core/config.ts';
import { admitJob } from '../core/jobs/admit.ts';
import { readJob } from '../core/jobs/job.ts';
import { NativeProver } from '../core/prover/native-prover.ts';
import { verifiedProof } from '../core/prover/verified-proof.ts';
import { handler as proveHandler } from '../functions/prove/index.ts';
import { MEASURED, storeArtifacts, type Workload, workloadOf } from './circuits.ts';
import { median, printTable } from './figures.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 600_000 } as Context;

/** Milliseconds spent waiting for AWS since the last look. */
const storage = timeStorage();

/** Prints the medians. The environment points at a scratch table and bucket; `url` at a running stack. */
export async function benchRings(url: string): Promise<void> {
  const prover = new NativeProver(proverConfig().PROVER_PATH);
  const rows = [];
  for (const { circuit, k, rounds } of MEASURED) {
    console.error(`${circuit} (k=${k}), ${rounds} rounds …`);
    rows.push(await measure(await workloadOf(circuit, k), rounds, prover, url));
  }
  await prover.stop();
  printTable(
    ['circuit', 'k', 'prover ms', 'handler ms', 'of it storage', 'handler adds', 'request ms', 'request / prover'],
    rows,
  );
}

async function measure(workload: Workload, rounds: number, prover: NativeProver, url: string) {
  const rings = [await proverRing(workload, prover), await handlerRing(workload), requestRing(workload, url)] as const;
  const [alone, handler, request] = rings;
  for (const ring of rings) await ring();
  const alones: number[] = [];
  const handlers: Awaited<ReturnType<typeof handler>>[] = [];
  const requests: number[] = [];
  for (let round = 0; round < rounds; round++) {
    alones.push(await alone());
    handlers.push(await handler());
    requests.push(await request());
  }
  return [
    workload.circuit,
    workload.k,
    median(alones),
    median(handlers.map(({ wallMs }) => wallMs)),
    median(handlers.map(({ storageMs }) => storageMs)),
    median(handlers.map(({ wallMs, storageMs, proverMs }) => wallMs - storageMs - proverMs)),
    median(requests),
    median(requests.map((ms, round) => ms / (alones[round] as number))),
  ];
}

async function proverRing(workload: Workload, prover: NativeProver) {
  const { inlined, params } = await storeArtifacts(workload);
  const { zkir: ir, ...keys } = inlined;
  return async () => {
    const { answer } = await withArtifacts(prover, { ir, ...keys, params }, (files) =>
      verifiedProof(prover, { preimage: workload.preimage, ...files }, 'midnight'),
    );
    return answer.timings.proveMs + answer.verifyMs;
  };
}

async function handlerRing(workload: Workload) {
  const { inlined } = await storeArtifacts(workload);
  const { k, keyLocation: circuit, preimage: witness } = workload;
  return async () => {
    const { id } = await admitJob({ tenant: LOCAL_TENANT, operation: 'prove', circuit, k, inlined, witness });
    const message = { messageId: id, body: JSON.stringify({ jobId: id }), eventSource: 'aws:sqs', attributes: {} };
    storage.reset();
    const start = performance.now();
    await proveHandler({ Records: [message as SQSRecord] }, CONTEXT);
    const wallMs = performance.now() - start;
    const storageMs = storage.spentMs();
    const job = await readJob(LOCAL_TENANT, id);
    if (job?.operation !== 'prove' || !job.timings) throw new Error(`the job is ${job?.state}: ${job?.error?.message}`);
    return { wallMs, storageMs, proverMs: job.timings.proveMs + job.timings.verifyMs };
  };
}

function requestRing({ preimage, keys, builtIn }: Workload, url: string) {
  const material = { proverKey: keys.prover, verifierKey: keys.verifier, ir: keys.zkir };
  const body = Uint8Array.from(createProvingPayload(preimage, undefined, builtIn ? undefined : material));
  return async () => {
    const start = performance.now();
    const response = await fetch(`${url}/prove`, { method: 'POST', body });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    await response.arrayBuffer();
    return performance.now() - start;
  };
}

/** Every AWS client sends through the same method; calls that overlap count once. */
function timeStorage() {
  let running = 0;
  let since = 0;
  let spent = 0;
  const base = Object.getPrototypeOf(S3Client.prototype);
  const { send } = base;
  base.send = async function (this: unknown, ...args: unknown[]) {
    if (running++ === 0) since = performance.now();
    try {
      return await send.apply(this, args);
    } finally {
      if (--running === 0) spent += performance.now() - since;
    }
  };
  return {
    reset: () => {
      spent = 0;
    },
    spentMs: () => spent,
  };
}
