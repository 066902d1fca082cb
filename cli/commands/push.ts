/** `nightshift push`: registers what the Compact compiler wrote, and waits for its keys. */
import { openAsBlob } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Connection } from '../../client/connection.ts';
import { contractProgress, upload } from '../../client/contracts.ts';
import type { Contract } from '../../client/index.ts';
import { contractView } from '../../core/api/contracts.ts';
import { failuresIn, naming, namingFileOf } from '../at-fault.ts';
import { type CompiledCircuit, readCompilerOutput } from '../compiler-output.ts';
import { connectionTo } from '../deployment.ts';
import { showKeys } from '../keys-progress.ts';
import { type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';
import { sizeOf, warn } from '../print.ts';
import { step } from '../progress.ts';
import { registrationOf } from '../registration.ts';
import { howToUse } from '../usage.ts';

interface PushOptions extends ServerOptions {
  wait: boolean;
  proverKeys?: boolean;
  dev?: boolean;
}

export function addPush(program: Command): void {
  withServer(
    program
      .command('push')
      .description('registers a contract: its keys are derived, and its calls proved from a few hundred bytes')
      .argument('<folder>', 'what the Compact compiler wrote to: the folder with zkir/ and keys/')
      .option('--no-wait', 'do not wait until the keys are derived')
      .addOption(
        new Option('--prover-keys', 'upload keys/*.prover too, instead of having them derived').conflicts('dev'),
      )
      .option('--dev', 'use development parameters: INSECURE, for tests only; verifier keys are left out'),
  ).action((folder: string, options: PushOptions) => perform(options, ({ first }) => push(folder, options, first)));
}

async function push(folder: string, options: PushOptions, signal: AbortSignal): Promise<Outcome> {
  const { url, wait, proverKeys = false, dev = false } = options;
  const circuits = await readCompilerOutput(folder, { verifierKeys: !dev, proverKeys });
  const connection = connectionTo(options);
  const registered = await register(connection, circuits, dev, signal);
  if (registered.warning) warn(registered.warning);
  const views = contractProgress(connection, registered, signal);
  const contract = wait ? await showKeys(registered, views) : registered;
  const failures = failuresIn(contract, circuits);
  return {
    value: contract,
    ...(failures.length === 0 && { text: howToUse(url, contract.links.prefix) }),
    failures,
  };
}

async function register(
  connection: Connection,
  circuits: CompiledCircuit[],
  dev: boolean,
  signal: AbortSignal,
): Promise<Contract> {
  const { form: json, uploads } = await registrationOf(circuits, dev ? 'development' : undefined);
  for (const file of uploads) {
    const { name, path, sha256, bytes } = file;
    await step(`Upload ${name} (${sizeOf(bytes)})`, async () =>
      upload(connection, { body: await openAsBlob(path), sha256, bytes }, signal),
    ).catch((error) => {
      throw naming(file, error);
    });
  }
  const title = `Register ${circuits.length} ${circuits.length === 1 ? 'circuit' : 'circuits'}`;
  return step(title, () => connection.ask(contractView, '/v1/contracts', { json, signal })).catch((error) => {
    throw namingFileOf(circuits, error);
  });
}
