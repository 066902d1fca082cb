/** `nightshift dead-letters`: messages that came to nothing. What it does is in `operator/`. */
import type { Command } from 'commander';
import { type StackOptions, withStack } from '../options.ts';
import { perform } from '../perform.ts';

const REDRIVE_HELP = `
Only a message whose job or keys are still open has an effect: what settle has ended stays ended. So this is for messages
that settle could not take, say those of a newer version, or while it could not write; settle pauses meanwhile.`;

export function addDeadLetters(program: Command): void {
  const deadLetters = program
    .command('dead-letters')
    .description('messages of all lanes that came to nothing, for the operator');
  withStack(
    deadLetters
      .command('list', { isDefault: true })
      .description('tells how many there are and what they are about; what dead-letters does by itself'),
  ).action((options: StackOptions) =>
    perform(options, async () => (await import('../operator/dead-letters-list.ts')).listDeadLetters(options)),
  );
  withStack(
    deadLetters
      .command('redrive')
      .description('has them delivered again, each to the lane that it came from')
      .addHelpText('after', REDRIVE_HELP),
  ).action((options: StackOptions) =>
    perform(options, async ({ first }) =>
      (await import('../operator/dead-letters-redrive.ts')).redriveDeadLetters(options, first),
    ),
  );
}
