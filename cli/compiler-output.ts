/** What the Compact compiler writes: `zkir/`, `keys/`, and `compiler/contract-info.json`. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CIRCUIT_NAME_RULE, isCircuitName } from '../core/contracts/names.ts';
import { type ContractInfo, readContractInfo } from './contract-info.ts';
import { wrongOutput } from './error.ts';
import { read, readIfThere } from './reading.ts';

export interface CompiledFile {
  /** As messages name it: relative to the output folder. */
  name: string;
  path: string;
  bytes: number;
}

export interface CompiledCircuit {
  name: string;
  zkir: CompiledFile;
  verifierKey?: CompiledFile;
  proverKey?: CompiledFile;
}

/** Which keys are read. Keys that are not are not looked at. */
export interface WantedKeys {
  verifierKeys: boolean;
  proverKeys: boolean;
}

/** Files of one kind, by circuit. */
type Files = Map<string, CompiledFile>;

/** @throws CliError COMPILER_OUTPUT that names the file or folder that is wrong. */
export async function readCompilerOutput(folder: string, wanted: WantedKeys): Promise<CompiledCircuit[]> {
  if (!(await readIfThere(folder, readdir(folder)))) throw wrongOutput(folder, 'there is no such folder.');
  const programs = await programsIn(folder);
  const info = await readContractInfo(folder);
  if (info) expectSameCircuits(programs, info);
  const verifierKeys = wanted.verifierKeys ? await filesIn(folder, 'keys', '.verifier') : new Map();
  const proverKeys = wanted.proverKeys ? await filesIn(folder, 'keys', '.prover') : new Map();
  expectTheirs(verifierKeys, programs, (name) => `there is no zkir/${name}.zkir for it. Compile the contract again.`);
  expectTheirs(proverKeys, verifierKeys, (name) => `it is of no use without its verifier key, keys/${name}.verifier.`);
  if (wanted.proverKeys && proverKeys.size === 0) throw wrongOutput('keys/', `there is no prover key in it.`);
  return [...programs].map(([name, zkir]) => ({
    name,
    zkir,
    verifierKey: verifierKeys.get(name),
    proverKey: proverKeys.get(name),
  }));
}

/** The ZKIR of each circuit. The compiler writes it in two forms: keys are derived from the binary one, which is smaller. */
async function programsIn(folder: string): Promise<Files> {
  const programs = new Map([...(await filesIn(folder, 'zkir', '.zkir')), ...(await filesIn(folder, 'zkir', '.bzkir'))]);
  if (programs.size === 0) {
    throw wrongOutput('zkir/', `there is no ZKIR in ${folder}. Name the folder that the Compact compiler wrote to.`);
  }
  for (const [name, file] of programs) if (!isCircuitName(name)) throw wrongOutput(file.name, `${CIRCUIT_NAME_RULE}.`);
  return programs;
}

function expectSameCircuits(programs: Files, { file, circuits }: ContractInfo): void {
  const listed = circuits.filter(({ proof }) => proof !== false).map(({ name }) => name);
  for (const [name, program] of programs) {
    if (listed.includes(name)) continue;
    throw wrongOutput(program.name, `${file} lists no circuit ${name} that needs a proof. Compile the contract again.`);
  }
  const missing = circuits.find(({ name, proof }) => proof && !programs.has(name));
  if (missing) {
    const { name } = missing;
    throw wrongOutput(
      `zkir/${name}.zkir`,
      `it is missing, and ${file} says that ${name} needs a proof. Compile the contract again.`,
    );
  }
}

function expectTheirs(files: Files, needed: Files, reason: (circuit: string) => string): void {
  for (const [name, file] of files) if (!needed.has(name)) throw wrongOutput(file.name, reason(name));
}

/** Sorted, so that the same folder always makes the same requests. */
async function filesIn(folder: string, subfolder: string, extension: string): Promise<Files> {
  const names = (await readIfThere(`${subfolder}/`, readdir(join(folder, subfolder)))) ?? [];
  const found = names.filter((name) => name.endsWith(extension)).sort();
  const files = found.map(async (fileName) => {
    const file = await fileAt(`${subfolder}/${fileName}`, join(folder, subfolder, fileName));
    return [fileName.slice(0, -extension.length), file] as const;
  });
  return new Map(await Promise.all(files));
}

async function fileAt(name: string, path: string): Promise<CompiledFile> {
  const { size } = await read(name, stat(path));
  if (size === 0) throw wrongOutput(name, 'it is empty. Compile the contract again.');
  return { name, path, bytes: size };
}
