/** `nightshift params`: which public parameters a deployment has at hand. */
import type { Command } from 'commander';
import { clientOf } from '../deployment.ts';
import { type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';

export function addParamsList(params: Command): void {
  withServer(
    params
      .command('list', { isDefault: true })
      .description('lists the sizes that are at hand; what params does by itself'),
  ).action((options: ServerOptions) => perform(options, ({ first }) => list(options, first)));
}

async function list(options: ServerOptions, signal: AbortSignal): Promise<Outcome> {
  const { midnight, development } = await clientOf(options).parameters({ signal });
  const insecure = development.length > 0 ? [`INSECURE, for tests: ${sizesOf(development)}`] : [];
  return { value: { midnight, development }, text: [`Midnight's: ${sizesOf(midnight)}`, ...insecure].join('\n') };
}

const sizesOf = (ks: number[]): string => (ks.length > 0 ? `k = ${ks.join(', ')}` : 'none');
