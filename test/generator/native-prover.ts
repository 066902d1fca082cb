/** The native prover's command line, for what tests find out without the stack. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import type { ProofRequest } from './proof-request.ts';

export interface KeyFiles {
  prover: string;
  verifier: string;
}

const native = (...args: string[]) => promisify(execFile)(PROVER_EXECUTABLE, args);

/** What the commands that take a witness read it from. */
async function preimageArguments({ preimage, bindingInput }: ProofRequest, folder: string): Promise<string[]> {
  const file = join(folder, 'preimage');
  await writeFile(file, preimage);
  return ['--preimage', file, ...(bindingInput === undefined ? [] : ['--binding-input', `${bindingInput}`])];
}

const decimals = z.array(z.string());
const commandFailure = z.object({ stderr: z.string() });

/** Runs `use` in a folder that is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The public inputs, decimal, that a proof of this request is verified against. Throws if the witness fails the circuit. */
export const statementOf = (request: ProofRequest, irFile: string): Promise<string[]> =>
  inFolder(async (folder) => {
    const preimage = await preimageArguments(request, folder);
    const { stdout } = await native('check', '--statement', '--ir', irFile, ...preimage);
    return decimals.parse(JSON.parse(stdout));
  });

/**
 * The tagged proof, for k up to 14.
 *
 * @param command what runs a prover, if not this machine's is to.
 */
export const prove = (
  request: ProofRequest,
  irFile: string,
  { prover, verifier }: KeyFiles,
  [command, ...before]: [string, ...string[]] = [PROVER_EXECUTABLE],
): Promise<Uint8Array> =>
  inFolder(async (folder) => {
    const proofFile = join(folder, 'proof');
    const [preimage, keys] = [await preimageArguments(request, folder), ['--prover', prover, '--verifier', verifier]];
    const args = ['prove', '--ir', irFile, ...preimage, ...keys, '--output', proofFile];
    await promisify(execFile)(command, [...before, ...args]);
    return readFile(proofFile);
  });

/**
 * Whether the proof is one of that statement. Throws if it cannot be told.
 *
 * @param paramsFile public parameters; Midnight's if not given.
 */
export const verifies = (
  proof: Uint8Array,
  verifierFile: string,
  statement: string[],
  paramsFile?: string,
): Promise<boolean> =>
  inFolder(async (folder) => {
    const [proofFile, statementFile] = [join(folder, 'proof'), join(folder, 'statement')];
    await writeFile(proofFile, proof);
    await writeFile(statementFile, JSON.stringify(statement));
    const verification = native(
      'verify',
      '--proof',
      proofFile,
      '--verifier',
      verifierFile,
      '--statement',
      statementFile,
      ...(paramsFile ? ['--params', paramsFile] : []),
    );
    return verification.then(
      () => true,
      (error: unknown) => {
        if (commandFailure.safeParse(error).data?.stderr.includes('The proof does not hold')) return false;
        throw error;
      },
    );
  });

/** Makes the keys of a circuit from the parameters that the prover holds: for k up to 14. */
export async function keygen(irFile: string, { prover, verifier }: KeyFiles): Promise<void> {
  await native('keygen', '--ir', irFile, '--prover', prover, '--verifier', verifier);
}

/** The smallest k that the circuit fits in. */
export const kOf = async (irFile: string): Promise<number> => Number((await native('k', irFile)).stdout);
