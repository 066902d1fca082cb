/** The request that registers a contract, and the uploads that must come before it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { MAX_BODY_BYTES } from '../core/limits.ts';
import type { ContractForm, Upload } from './api.ts';
import type { CompiledCircuit, CompiledFile } from './compiler-output.ts';
import { read } from './reading.ts';

export interface Registration {
  form: ContractForm;
  uploads: (Upload & CompiledFile)[];
}

type CircuitForm = ContractForm['circuits'][string];

/** Ready-made prover keys are uploaded, and of the ZKIR the largest files, so that what is left fits into one request. */
export async function registrationOf(
  circuits: CompiledCircuit[],
  parameters: ContractForm['parameters'],
): Promise<Registration> {
  const uploads: Registration['uploads'] = [];
  const uploaded = async (file: CompiledFile) => {
    const sha256 = await read(file.name, sha256Of(file.path));
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
  for (const { name, zkir } of circuits.toSorted((a, b) => b.zkir.bytes - a.zkir.bytes)) {
    if (JSON.stringify(form).length <= MAX_BODY_BYTES) break;
    (forms[name] as CircuitForm).zkir = await uploaded(zkir);
  }
  return { form, uploads };
}

const base64Of = ({ name, path }: CompiledFile): Promise<string> => read(name, readFile(path, 'base64'));

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
