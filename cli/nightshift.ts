#!/usr/bin/env node
/** `nightshift`: the command line. */
import { CommanderError } from 'commander';
import { EXIT } from './error.ts';
import { program } from './program.ts';

try {
  await program().parseAsync(process.argv.slice(2), { from: 'user' });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // The reason has been printed, or the help that was asked for.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
}
