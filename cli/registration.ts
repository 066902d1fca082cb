/** The request that registers a contract, and the uploads that must come before it. */
import { readFile } from 'node:fs/promises';
import { circuitsToUpload } from '../client/contracts.ts';
import type { CircuitForm, ContractForm } from '../core/api/contracts.ts';
import { sha256OfFile } from '../core/artifacts/sha256.ts';
import type { CompiledCircuit, CompiledFile } from './compiler-output.ts';
import { read } from './reading.ts';

/** A file that goes up by itself. */
export interface HashedFile extends CompiledFile {
  sha256: string;
}

export interface Registration {
  form: ContractForm;
  uploads: HashedFile[];
}

/** Ready-made prover keys are uploaded, and of the ZKIR the largest files, so that what is left fits into one request. */
export async function registrationOf(
  circuits: CompiledCircuit[],
  parameters: ContractForm['parameters'],
): Promise<Registration> {
  const uploads: Registration['uploads'] = [];
  const uploaded = async (file: CompiledFile) => {
    const sha256 = await read(file.name, sha256OfFile(file.path));
    uploads.push({ ...file, sha256 });
    return { upload: sha256 };
  };
  const forms: Record<string, CircuitForm> = {};
  for (const { name, zkir, verifierKey, proverKey } of circuits) {
    forms[name] = {
      zkir: await base64Of(zkir),
      ...(verifierKey && { verifierKey: await base64Of(verifierKey) }),
      ...(proverKey && { proverKey: await uploaded(proverKey) }),
    };
  }
  const form = { circuits: forms, parameters };
  const files = new Map(circuits.map(({ name, zkir }) => [name, zkir]));
  for (const name of circuitsToUpload(form)) {
    (forms[name] as CircuitForm).zkir = await uploaded(files.get(name) as CompiledFile);
  }
  return { form, uploads };
}

const base64Of = ({ name, path }: CompiledFile): Promise<string> => read(name, readFile(path, 'base64'));
