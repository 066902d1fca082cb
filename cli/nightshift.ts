#!/usr/bin/env node
/** `nightshift`: the command line. */
import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { CliError, EXIT, type ExitCode } from './error.ts';
import { nightshift } from './options.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<ExitCode> {
  try {
    await nightshift().parseAsync(args, { from: 'user' });
    return EXIT.done;
  } catch (error) {
    // The reason has been printed, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
    const errors = error instanceof AggregateError ? error.errors : [error];
    errors.forEach(complain);
    const known = errors.find((each) => each instanceof CliError);
    return known?.exitCode ?? EXIT.refused;
  }
}

function complain(error: unknown): void {
  const mark = styleText('red', '✗', { stream: process.stderr });
  if (error instanceof CliError) console.error(`${mark} ${error.code}: ${error.message}`);
  else console.error(error);
}
