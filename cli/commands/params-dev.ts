/** `nightshift params dev`: has development parameters made, before a contract needs them. */
import type { Command } from 'commander';
import { NightshiftError } from '../../client/index.ts';
import { kOption, type ServerOptions, withServer } from '../options.ts';
import { bringParameters } from '../parameters.ts';
import { type Outcome, perform } from '../perform.ts';
import { warn } from '../print.ts';
import { step } from '../progress.ts';

interface Options extends ServerOptions {
  k: number;
}

export function addParamsDev(params: Command): void {
  withServer(
    params.command('dev').description('makes development parameters: INSECURE, for tests only').addOption(kOption()),
  ).action((options: Options) => perform(options, ({ first }) => makeDevelopmentParams(options, first)));
}

async function makeDevelopmentParams({ k, ...options }: Options, signal: AbortSignal): Promise<Outcome> {
  const warning = await step(`Development parameters for k=${k}`, async () => {
    const warning = await bringParameters(options, k, 'development', signal);
    if (warning) return warning;
    // A server that does not know the parameter of the query answers about Midnight's.
    throw new NightshiftError('UNEXPECTED_ANSWER', `${options.url} answered about other parameters. Check --url.`);
  });
  warn(warning);
  return { value: { k, parameters: 'development', warning } };
}
