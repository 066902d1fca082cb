/** `nightshift params fetch`: has Midnight's public parameters brought, before a circuit needs them. */
import type { Command } from 'commander';
import { kOption, type ServerOptions, withServer } from '../options.ts';
import { bringParameters } from '../parameters.ts';
import { type Outcome, perform } from '../perform.ts';
import { step } from '../progress.ts';

interface Options extends ServerOptions {
  k: number;
}

export function addParamsFetch(params: Command): void {
  withServer(
    params
      .command('fetch')
      .description("has Midnight's parameters brought, and waits until they are there")
      .addOption(kOption()),
  ).action((options: Options) => perform(options, ({ first }) => fetchParams(options, first)));
}

async function fetchParams({ k, ...options }: Options, signal: AbortSignal): Promise<Outcome> {
  await step(`Parameters for k=${k}`, () => bringParameters(options, k, 'midnight', signal));
  return { value: { k, parameters: 'midnight' } };
}
