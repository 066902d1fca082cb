/** `nightshift push`: registers what the Compact compiler wrote, and waits for its keys. */
import type { ContractView } from '../core/api/contracts.ts';
import { Api } from './api.ts';
import { failuresIn, naming, namingFileOf } from './at-fault.ts';
import { type CompiledCircuit, readCompilerOutput } from './compiler-output.ts';
import { showKeys } from './keys-progress.ts';
import { sizeOf, warn } from './print.ts';
import { step } from './progress.ts';
import { registrationOf } from './registration.ts';
import { howToUse } from './usage.ts';

interface PushOptions {
  url: string;
  wait: boolean;
  json?: boolean;
  proverKeys?: boolean;
  dev?: boolean;
}

/** @throws CliError; AggregateError of one for each circuit that failed. */
export async function push(folder: string, options: PushOptions): Promise<void> {
  const { url, wait, json, proverKeys = false, dev = false } = options;
  const circuits = await readCompilerOutput(folder, { verifierKeys: !dev, proverKeys });
  const api = new Api(url);
  const registered = await register(api, circuits, dev);
  if (registered.warning) warn(registered.warning);
  const contract = wait ? await showKeys(registered, api.progressOf(registered)) : registered;
  if (json) console.log(JSON.stringify(contract, null, 2));
  const failures = failuresIn(contract, circuits);
  if (failures.length > 0) throw new AggregateError(failures);
  if (!json) console.log(howToUse(api.at(contract.links.prefix)));
}

async function register(api: Api, circuits: CompiledCircuit[], dev: boolean): Promise<ContractView> {
  const { form, uploads } = await registrationOf(circuits, dev ? 'development' : undefined);
  for (const file of uploads) {
    await step(`Upload ${file.name} (${sizeOf(file.bytes)})`, () => api.upload(file)).catch((error) => {
      throw naming(file, error);
    });
  }
  const title = `Register ${circuits.length} ${circuits.length === 1 ? 'circuit' : 'circuits'}`;
  return step(title, () => api.register(form)).catch((error) => {
    throw namingFileOf(circuits, error);
  });
}
