/** Keys of contract circuits, which a client has to send along. They are made once, and kept under .nightshift. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createProverKey,
  createVerifierKey,
  createZKIR,
  type ProverKey,
  type VerifierKey,
  ZKConfigProvider,
  type ZKIR,
} from '@midnight-ntwrk/midnight-js-types';
import { STATE_ROOT } from '../../local/paths.ts';
import { binaryIr, builtInVerifierFile, irFile, isBuiltIn } from './circuits.ts';
import { type KeyFiles, keygen } from './native-prover.ts';

/** Another test process may do the same at the same time: complete files take each other's place, and are equal. */
async function makeKeys(circuit: string, { prover, verifier }: KeyFiles): Promise<void> {
  const unfinished = (file: string) => `${file}.${process.pid}`;
  await keygen(irFile(circuit), { prover: unfinished(prover), verifier: unfinished(verifier) });
  await rename(unfinished(prover), prover);
  await rename(unfinished(verifier), verifier);
}

/** Where the keys of a contract's circuit are; at first use it takes a second or two until they are there. */
export async function keyFiles(circuit: string): Promise<KeyFiles> {
  const sha256 = createHash('sha256')
    .update(await readFile(irFile(circuit)))
    .digest('hex');
  const folder = join(STATE_ROOT, 'test-keys', sha256);
  const files = { prover: join(folder, 'prover'), verifier: join(folder, 'verifier') };
  if (!existsSync(files.verifier)) {
    await mkdir(folder, { recursive: true });
    await makeKeys(circuit, files);
  }
  return files;
}

/** Where the verifier key of any circuit is. */
export const verifierFile = async (circuit: string): Promise<string> =>
  isBuiltIn(circuit) ? builtInVerifierFile(circuit) : (await keyFiles(circuit)).verifier;

/** What the official client asks for keys. It has none but its contract's, so that none are sent for Midnight's own. */
export class ContractKeys extends ZKConfigProvider<string> {
  readonly #contract: string;
  constructor(contract: string) {
    super();
    this.#contract = contract;
  }

  override async getZKIR(circuit: string): Promise<ZKIR> {
    return createZKIR(binaryIr(this.#named(circuit)));
  }

  override async getProverKey(circuit: string): Promise<ProverKey> {
    const { prover } = await keyFiles(this.#named(circuit));
    return createProverKey(await readFile(prover));
  }

  override async getVerifierKey(circuit: string): Promise<VerifierKey> {
    const { verifier } = await keyFiles(this.#named(circuit));
    return createVerifierKey(await readFile(verifier));
  }

  #named(circuit: string): string {
    const name = `${this.#contract}/${circuit}`;
    if (isBuiltIn(circuit) || !existsSync(irFile(name))) throw new Error(`There is no contract circuit ${name}.`);
    return name;
  }
}
