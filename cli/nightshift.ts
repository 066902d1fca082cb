#!/usr/bin/env node
/** `nightshift`: the command line. */
import { CommanderError } from 'commander';
import { EXIT, wrongUse } from './error.ts';
import { printError } from './perform.ts';
import { program } from './program.ts';

// Whoever reads the output may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  await program().parseAsync(process.argv.slice(2), { from: 'user' });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // The reason has been printed, or the help that was asked for.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
  // What was wrong may be any option, this one included: it is looked for in what was given.
  if (error.exitCode !== 0 && process.argv.includes('--json')) printError(wrongUse(reasonIn(error)));
}

/** Commander's errors begin with the word, and may have a second line, which guesses. */
function reasonIn({ message }: CommanderError): string {
  return message.replace(/^error: /, '').replaceAll('\n', ' ');
}
