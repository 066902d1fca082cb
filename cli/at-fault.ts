/** What the API says about circuits, in terms of the files that they came from. */
import { type Contract, NightshiftError } from '../client/index.ts';
import type { CompiledCircuit, CompiledFile } from './compiler-output.ts';

/** How the answer to a registration names the circuit that it refuses. */
const ABOUT_CIRCUIT = /^Circuit (?<name>\S+): (?<reason>.*)$/s;

/** @returns the same error with the name of the file, if it is about one circuit. */
export function namingFileOf(circuits: CompiledCircuit[], error: unknown): unknown {
  if (!(error instanceof NightshiftError)) return error;
  const { name, reason = '' } = error.message.match(ABOUT_CIRCUIT)?.groups ?? {};
  const circuit = circuits.find((known) => known.name === name);
  return circuit ? naming(fileAtFault(circuit, reason), error, reason) : error;
}

/** @returns the same error with the name of the file. */
export function naming(file: CompiledFile, error: unknown, reason = (error as Error).message): unknown {
  if (!(error instanceof NightshiftError)) return error;
  const { code, status } = error;
  return new NightshiftError(code, `${file.name}: ${reason}`, { status, cause: error });
}

/** An error for each circuit that failed. */
export const failuresIn = (contract: Contract, circuits: CompiledCircuit[]): NightshiftError[] =>
  circuits.flatMap((circuit) => {
    const { error } = contract.circuits[circuit.name] ?? {};
    if (!error) return [];
    return new NightshiftError(error.code, `${fileAtFault(circuit, error.message).name}: ${error.message}`);
  });

/** The file of the key that the reason speaks of first, or else of the ZKIR. */
function fileAtFault({ zkir, verifierKey, proverKey }: CompiledCircuit, reason: string): CompiledFile {
  const [, role] = reason.match(/\b(verifier|prover) key\b/) ?? [];
  return (role === 'verifier' && verifierKey) || (role === 'prover' && proverKey) || zkir;
}
