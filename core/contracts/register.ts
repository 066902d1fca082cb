/** A contract is registered: its circuits are read, written down, and their keys asked for. */
import pLimit from 'p-limit';
import { limitsOf } from '../access/tenant.ts';
import type { ParameterSet } from '../circuits/parameter-set.ts';
import { currentTime } from '../clock.ts';
import { NightshiftError } from '../errors.ts';
import { provingLane } from '../jobs/lane-of.ts';
import { requestKeys, sendKeys } from '../keys/build.ts';
import { type KeysSource, keysIdOf } from '../keys/keys.ts';
import { nativeProver } from '../prover/native-prover.ts';
import { objectOf, putObject } from '../store/objects.ts';
import { countCircuit } from './circuit-count.ts';
import { type CircuitIdentity, type ContractCircuit, contractIdOf, writeContract } from './contract.ts';

/** A circuit as it is given: files as the compiler writes them. */
export interface GivenCircuit {
  name: string;
  /** Reads the ZKIR: 256 of them may be more than memory holds. */
  zkir: () => Promise<Uint8Array>;
  verifierKey?: Uint8Array;
  /** SHA-256 of a ready-made prover key among the uploads. */
  proverKeySha256?: string;
}

const AT_ONCE = 8;

/**
 * Registers a contract. Registering it again, or going on where a registration broke off, comes to the same contract;
 * keys that failed are tried once more.
 *
 * What is written comes in an order in which every beginning of it does no harm: objects, keys, circuits, contract,
 * messages. `sweep` sends the messages that are missing. Of a contract that is refused, the ZKIR of the circuits before
 * the refused one may be stored, under its hash, and these count as the tenant's.
 *
 * @param tenant who registers it; the contract belongs to nobody.
 * @param timeUp aborts when no more circuits can be read.
 * @returns its id.
 * @throws NightshiftError INVALID_CIRCUIT, CIRCUIT_TOO_LARGE, INVALID_REQUEST, RATE_LIMITED, TIMEOUT that name the
 *   circuit.
 */
export async function registerContract(
  tenant: string,
  given: GivenCircuit[],
  parameters: ParameterSet,
  timeUp: AbortSignal,
): Promise<string> {
  const { circuits: limit } = await limitsOf(tenant);
  const count = (keysId: string) => countCircuit(tenant, keysId, limit);
  const circuits: ReadCircuit[] = [];
  for (const circuit of given) circuits.push(await readAndStore(circuit, parameters, timeUp, count));
  const id = contractIdOf(circuits.map(identityOf), parameters);
  const sources = sourcesOf(circuits);
  const inTurn = pLimit(AT_ONCE);

  const requested = await inTurn.map(sources, (source) => requestKeys(source));
  const createdAt = currentTime().toISOString();
  await writeContract({ id, createdAt, circuits: circuits.map(({ row }) => row) });
  const wanted = sources.filter((_, index) => requested[index]);
  await inTurn.map(wanted, (source) => sendKeys(source.id));
  return id;
}

interface ReadCircuit {
  row: ContractCircuit;
  source: KeysSource;
}

/** The bytes are forgotten when it returns. */
async function readAndStore(
  given: GivenCircuit,
  parameters: ParameterSet,
  timeUp: AbortSignal,
  count: (keysId: string) => Promise<void>,
): Promise<ReadCircuit> {
  const { name, zkir, verifierKey, proverKeySha256 } = given;
  try {
    const { ir, sha256, k, provingBytes, verifier } = await nativeProver().ask(
      'circuit',
      { ir: await zkir(), verifier: verifierKey },
      timeUp,
    );
    // Refuses what no lane takes.
    provingLane({ operation: 'prove', k, provingBytes });
    const readyMade = proverKeySha256 && verifier && { prover: proverKeySha256, verifier: verifier.sha256 };
    const made = { parameters, zkir: { sha256, bytes: ir.length }, ...(readyMade && { readyMade }) };
    const source = { id: keysIdOf(made), ...made };
    await count(source.id);
    await storeFiles(source, ir, verifierKey);
    return { row: { name, k, provingBytes, zkir: source.zkir, verifier, keysId: source.id }, source };
  } catch (error) {
    if (timeUp.aborted) throw timeRanOut(name, parameters);
    if (!(error instanceof NightshiftError)) throw error;
    throw new NightshiftError(error.code, `Circuit ${name}: ${error.message}`, { cause: error });
  }
}

async function storeFiles({ id, readyMade }: KeysSource, ir: Uint8Array, verifierKey?: Uint8Array): Promise<void> {
  await putObject(objectOf.key(id, 'zkir'), ir);
  if (readyMade && verifierKey) await putObject(objectOf.key(id, 'verifier'), verifierKey);
}

/** Verifier keys never match development parameters. */
const FASTER: Record<ParameterSet, string> = {
  midnight: 'Give the verifier keys, which tell it, or register fewer circuits at once.',
  development: 'Register fewer circuits at once.',
};

const timeRanOut = (name: string, parameters: ParameterSet): NightshiftError =>
  new NightshiftError(
    'TIMEOUT',
    `Circuit ${name}: time ran out before it was read. A circuit without a verifier key is laid out to find its k, ` +
      `which takes a second at k=16. ${FASTER[parameters]}`,
  );

const identityOf = ({ row, source: { readyMade } }: ReadCircuit): CircuitIdentity => ({
  name: row.name,
  zkirSha256: row.zkir.sha256,
  verifierSha256: row.verifier?.sha256,
  proverSha256: readyMade?.prover,
});

/** What keys are to be made from: once for circuits that are equal, and the largest first, since they take longest. */
function sourcesOf(circuits: ReadCircuit[]): KeysSource[] {
  const largestFirst = circuits.toSorted((a, b) => b.row.k - a.row.k);
  return [...new Map(largestFirst.map(({ source }) => [source.id, source])).values()];
}
