import { createInterface } from 'node:readline/promises';
import { wrongUse } from '../error.ts';

/**
 * Has a person type the name of what is about to be deleted.
 *
 * @param warning what will happen
 * @throws CliError WRONG_USE if the answer is another one, or none.
 */
export async function expectTyped(name: string, warning: string, signal: AbortSignal): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => {
    terminal.once('close', () => resolve(''));
  });
  const question = `${warning} To go on, type its name: `;
  const answer = await Promise.race([terminal.question(question, { signal }), ended]);
  terminal.close();
  if (answer.trim() !== name) throw wrongUse('That is not its name: nothing is deleted. --yes does not ask.');
}
