/** `nightshift estimate`: what a proof of a circuit is expected to take. */
import type { Command } from 'commander';
import { clientOf } from '../deployment.ts';
import { estimateOf } from '../job-progress.ts';
import { contract, type ServerOptions, withServer } from '../options.ts';
import { type Outcome, perform } from '../perform.ts';

interface EstimateOptions extends ServerOptions {
  contract?: string;
}

export function addEstimate(program: Command): void {
  withServer(
    program
      .command('estimate')
      .description('tells what a proof of a circuit is expected to take')
      .argument('<circuit>', 'built in, such as midnight/zswap/output, or in the contract')
      .addOption(contract()),
  ).action((circuit: string, options: EstimateOptions) =>
    perform(options, ({ first }) => estimate(circuit, options, first)),
  );
}

async function estimate(circuit: string, options: EstimateOptions, signal: AbortSignal): Promise<Outcome> {
  const value = await clientOf(options).estimate({ circuit, contract: options.contract }, { signal });
  const { k, lane, pricesAsOf } = value;
  return { value, text: `k=${k}, lane ${lane}: ${estimateOf(value)} (prices as of ${pricesAsOf})` };
}
