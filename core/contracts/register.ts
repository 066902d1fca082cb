/** A contract is registered: its circuits are read, written down, and their keys asked for. */
import pLimit from 'p-limit';
import type { ParameterSet } from '../circuits/params.ts';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { provingLane } from '../jobs/lane-of.ts';
import { requestKeys, sendKeys } from '../keys/build.ts';
import { type KeysSource, keysIdOf } from '../keys/keys.ts';
import { nativeProver } from '../prover/native-prover.ts';
import { objectOf, putObject } from '../store/objects.ts';
import { transact } from '../store/table.ts';
import { type CircuitIdentity, type ContractCircuit, contractIdOf, readContract, rowsOf } from './contract.ts';

/** A circuit as it is given: files as the compiler writes them. */
export interface GivenCircuit {
  name: string;
  zkir: Uint8Array;
  verifierKey?: Uint8Array;
  /** SHA-256 of a ready-made prover key among the uploads. */
  proverKeySha256?: string;
}

const AT_ONCE = 8;
/** DynamoDB's limit for one transaction. */
const ROWS_AT_ONCE = 100;

/**
 * Registers a contract. Registering it again, or going on where a registration broke off, comes to the same contract;
 * keys that failed are tried once more.
 *
 * What is written comes in an order in which every beginning of it does no harm: objects, keys, circuits, contract,
 * messages. `sweep` sends the messages that are missing.
 *
 * @returns its id.
 * @throws NightshiftError INVALID_CIRCUIT, CIRCUIT_TOO_LARGE, INVALID_REQUEST that name the circuit.
 */
export async function registerContract(given: GivenCircuit[], parameters: ParameterSet): Promise<string> {
  const circuits: ReadCircuit[] = [];
  for (const circuit of given) circuits.push(await readGiven(circuit, parameters));
  const inTurn = pLimit(AT_ONCE);

  await inTurn.map(circuits, ({ source, ir, verifierKey }) => storeFiles(source, ir, verifierKey));
  const requested = await inTurn.map(circuits, ({ source }) => requestKeys(source));
  const id = contractIdOf(circuits.map(identityOf), parameters);
  await writeRows(id, circuits);
  // The largest first: they take longest.
  const wanted = circuits.filter((_, index) => requested[index]).toSorted((a, b) => b.row.k - a.row.k);
  for (const { source } of wanted) await sendKeys(source.id);
  return id;
}

interface ReadCircuit {
  row: ContractCircuit;
  source: KeysSource;
  /** Canonical binary ZKIR. */
  ir: Uint8Array;
  verifierKey?: Uint8Array;
}

async function readGiven(given: GivenCircuit, parameters: ParameterSet): Promise<ReadCircuit> {
  const { name, zkir, verifierKey, proverKeySha256 } = given;
  try {
    const { ir, sha256, k, provingBytes, verifier } = await nativeProver().ask('circuit', {
      ir: zkir,
      verifier: verifierKey,
    });
    // Refuses what no lane takes.
    provingLane('prove', { k, provingBytes });
    const readyMade = proverKeySha256 && verifier && { prover: proverKeySha256, verifier: verifier.sha256 };
    const made = { parameters, zkir: { sha256, bytes: ir.length }, ...(readyMade && { readyMade }) };
    const source = { id: keysIdOf(made), ...made };
    return { row: { name, k, provingBytes, zkir: source.zkir, verifier, keysId: source.id }, source, ir, verifierKey };
  } catch (error) {
    if (!(error instanceof NightshiftError)) throw error;
    throw new NightshiftError(error.code, `Circuit ${name}: ${error.message}`, { cause: error });
  }
}

async function storeFiles({ id, readyMade }: KeysSource, ir: Uint8Array, verifierKey?: Uint8Array): Promise<void> {
  await putObject(objectOf.key(id, 'zkir'), ir);
  if (readyMade && verifierKey) await putObject(objectOf.key(id, 'verifier'), verifierKey);
}

const identityOf = ({ row, source: { readyMade } }: ReadCircuit): CircuitIdentity => ({
  name: row.name,
  zkirSha256: row.zkir.sha256,
  verifierSha256: row.verifier?.sha256,
  proverSha256: readyMade?.prover,
});

async function writeRows(id: string, circuits: ReadCircuit[]): Promise<void> {
  const createdAt = (await readContract(id))?.createdAt ?? new Date().toISOString();
  const rows = rowsOf({ id, createdAt, circuits: circuits.map(({ row }) => row) });
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    await transact(rows.slice(first, first + ROWS_AT_ONCE).map((Item) => ({ Put: { TableName: tableName(), Item } })));
  }
}
