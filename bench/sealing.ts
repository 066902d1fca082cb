/** What it takes to seal a witness and to open it, beside its proof. They take turns. */
import { randomUUID } from 'node:crypto';
import { LOCAL_TENANT } from '../core/access/tenant.ts';
import { withArtifacts } from '../core/artifacts/at-hand.ts';
import { proverConfig } from '../core/config.ts';
import type { ProofJob } from '../core/jobs/job.ts';
import { NativeProver } from '../core/prover/native-prover.ts';
import { verifiedProof } from '../core/prover/verified-proof.ts';
import { openedFor, sealedFor } from '../core/sealing/at-rest.ts';
import { MEASURED, storeArtifacts, type Workload, workloadOf } from './circuits.ts';
import { median, printTable } from './figures.ts';

/** A proof of it is over so soon that what is beside it shows. */
const SMALLEST = MEASURED.slice(0, 1);

/** Prints the medians. The key has been unwrapped. The environment points at scratch resources. */
export async function benchSealing(): Promise<void> {
  const rows = [];
  for (const { circuit, k, rounds } of SMALLEST) rows.push(await measure(await workloadOf(circuit, k), rounds));
  printTable(['circuit', 'k', 'witness bytes', 'seal ms', 'open ms', 'proof ms', 'seal and open / proof'], rows);
}

async function measure(workload: Workload, rounds: number) {
  const { circuit, k, preimage, keyLocation } = workload;
  const { inlined, params } = await storeArtifacts(workload);
  const { zkir: ir, ...keys } = inlined;
  const prover = new NativeProver(proverConfig().PROVER_PATH);
  const job = { tenant: LOCAL_TENANT, id: randomUUID(), operation: 'prove', circuit: keyLocation } as ProofJob;
  const prove = () =>
    withArtifacts(prover, { ir, ...keys, params }, (files) =>
      verifiedProof(prover, { preimage, ...files }, 'midnight'),
    );

  await Promise.all([prove(), openedFor(job, await sealedFor(job, preimage))]);
  const [sealing, opening, proving]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const sealed = await sealedFor(job, preimage);
    const between = performance.now();
    await openedFor(job, sealed);
    opening.push(performance.now() - between);
    sealing.push(between - start);
    const { answer } = await prove();
    proving.push(answer.timings.proveMs + answer.verifyMs);
  }
  await prover.stop();
  const [seal, open, proof] = [sealing, opening, proving].map(median) as [number, number, number];
  return [circuit, k, preimage.length, seal, open, proof, (seal + open) / proof];
}
