/** What the prover's memory limit costs: proofs by a prover under it and one without take turns. */
import { withArtifacts } from '../core/artifacts/at-hand.ts';
import { proverConfig } from '../core/config.ts';
import { HANDLER_MB, laneTable } from '../core/lanes.ts';
import { BYTES_PER_MB } from '../core/limits.ts';
import { NativeProver } from '../core/prover/native-prover.ts';
import { MEASURED, storeArtifacts, workloadOf } from './circuits.ts';
import { median, printTable } from './figures.ts';

const LIMIT = 'NIGHTSHIFT_MEMORY_BYTES';
/** As the smallest lane has it. */
const LIMIT_BYTES = (Math.min(...laneTable().proving.map(({ memoryMb }) => memoryMb)) - HANDLER_MB) * BYTES_PER_MB;
/** Of each size as often as it is measured elsewhere: the differences are smaller than the noise. */
const TIMES = 4;

/** What a proof took, in milliseconds. */
interface Turn {
  limited: number;
  free: number;
}

/** Prints, for each size, the time of a proof under the limit and without it. */
export async function benchMemoryLimit(): Promise<void> {
  const rows = [];
  for (const { circuit, k, rounds } of MEASURED) {
    console.error(`${circuit} (k=${k}), with a memory limit and without …`);
    const workload = await workloadOf(circuit, k);
    const { inlined, params } = await storeArtifacts(workload);
    const { zkir: ir, ...keys } = inlined;
    const prove = async (prover: NativeProver) => {
      const begun = performance.now();
      await withArtifacts(prover, { ir, ...keys, params }, (files) =>
        prover.ask('prove', { preimage: workload.preimage, ...files }),
      );
      return performance.now() - begun;
    };
    const limited = await started(String(LIMIT_BYTES), prove);
    const free = await started(undefined, prove);
    const turns: Turn[] = [];
    for (let turn = 0; turn < rounds * TIMES; turn++) {
      turns.push({ limited: await prove(limited), free: await prove(free) });
    }
    const middle = (of: (turn: Turn) => number) => median(turns.map(of));
    const ratio = middle((turn) => turn.limited / turn.free);
    rows.push([k, middle((turn) => turn.limited), middle((turn) => turn.free), ratio]);
    await Promise.all([limited.stop(), free.stop()]);
  }
  printTable(['k', 'limited ms', 'without limit ms', 'limited / without'], rows);
}

/** A prover that has proved once: it takes its limit from the environment when it starts. */
async function started(limit: string | undefined, prove: (prover: NativeProver) => Promise<number>) {
  if (limit !== undefined) process.env[LIMIT] = limit;
  const prover = new NativeProver(proverConfig().PROVER_PATH);
  await prove(prover);
  delete process.env[LIMIT];
  return prover;
}
