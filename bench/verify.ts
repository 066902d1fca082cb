/** Proofs verified together beside one by one. */
import { sha256OfFile } from '../core/artifacts/sha256.ts';
import { NativeProver } from '../core/prover/native-prover.ts';
import type { Arguments } from '../core/prover/protocol.ts';
import { PROVER_EXECUTABLE } from '../infra/prover-executable.ts';
import { irFile } from '../test/generator/circuits.ts';
import { type Circuit, generateRequest } from '../test/generator/generate.ts';
import { keyFiles } from '../test/generator/keys.ts';
import { prove, statementOf } from '../test/generator/native-prover.ts';
import { median, printTable } from './figures.ts';

const CIRCUITS: { circuit: Circuit; k: number }[] = [
  { circuit: 'fallible/count', k: 6 },
  { circuit: 'midnight/zswap/output', k: 14 },
];
const COUNTS = [1, 2, 5, 10, 50, 100];
const ROUNDS = 7;
/** So many are made; a larger number has each several times, which saves nothing. */
const DISTINCT = 5;

type Claim = Arguments<'verify'>['claims'][number];

/** Prints, for each circuit and number of proofs, what one request for all takes, and a request for each. Both take turns. */
export async function benchVerify(): Promise<void> {
  const rows = [];
  const native = new NativeProver(PROVER_EXECUTABLE);
  for (const { circuit, k } of CIRCUITS) {
    console.error(`${circuit} (k=${k}), ${ROUNDS} rounds of up to ${Math.max(...COUNTS)} proofs …`);
    const distinct: Claim[] = [];
    while (distinct.length < DISTINCT) distinct.push(await claimAbout(circuit));
    for (const count of COUNTS) {
      const claims = Array.from({ length: count }, (_, index) => distinct[index % DISTINCT] as Claim);
      rows.push([k, count, ...(await measure(native, claims))]);
    }
  }
  await native.stop();
  printTable(['k', 'proofs', 'together ms', 'one by one ms', 'together, ms each', 'together / one by one'], rows);
}

async function claimAbout(circuit: Circuit): Promise<Claim> {
  const request = await generateRequest(circuit);
  const keys = await keyFiles(circuit);
  return {
    proof: await prove(request, irFile(circuit), keys),
    statement: await statementOf(request, irFile(circuit)),
    verifier: { sha256: await sha256OfFile(keys.verifier), path: keys.verifier },
  };
}

async function measure(native: NativeProver, claims: Claim[]): Promise<number[]> {
  const verify = async (some: Claim[]) => {
    const { verdicts } = await native.ask('verify', { claims: some });
    if (!verdicts.every(({ valid }) => valid)) throw new Error('a proof does not verify');
  };
  const oneByOne = async () => {
    for (const claim of claims) await verify([claim]);
  };
  await oneByOne();
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({
      together: await millisecondsOf(() => verify(claims)),
      each: await millisecondsOf(oneByOne),
    });
  }
  const together = median(rounds.map((round) => round.together));
  const ratio = median(rounds.map((round) => round.together / round.each));
  return [together, median(rounds.map((round) => round.each)), together / claims.length, ratio];
}

async function millisecondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
