/** What the native prover occupies after many proofs of the largest circuit at hand. */
import { withArtifacts } from '../core/artifacts/at-hand.ts';
import { proverConfig } from '../core/config.ts';
import { BYTES_PER_MB } from '../core/limits.ts';
import { NativeProver } from '../core/prover/native-prover.ts';
import { storeArtifacts, workloadOf } from './circuits.ts';
import { printTable } from './figures.ts';

const LOOK_AT = [1, 10, 50];

/** Prints resident memory after 1, 10 and 50 proofs of zswap/output (k=14). */
export async function benchMemory(): Promise<void> {
  const workload = await workloadOf('midnight/zswap/output', 14);
  const { inlined, params } = await storeArtifacts(workload);
  const { zkir: ir, ...keys } = inlined;
  const prover = new NativeProver(proverConfig().PROVER_PATH);
  const rows = [];
  for (let proofs = 1; proofs <= Math.max(...LOOK_AT); proofs++) {
    await withArtifacts(prover, { ir, ...keys, params }, (files) =>
      prover.ask('prove', { preimage: workload.preimage, ...files }),
    );
    if (!LOOK_AT.includes(proofs)) continue;
    const { residentBytes, cacheBytes } = await prover.ask('info', {});
    rows.push([proofs, Math.round(residentBytes / BYTES_PER_MB), Math.round(cacheBytes / BYTES_PER_MB)]);
  }
  await prover.stop();
  printTable(['proofs at k=14', 'resident MB', 'of it cached artifacts MB'], rows);
}
