/** What every command has in common: how it is run, ended, and what it prints. */
import { styleText } from 'node:util';
import { type RequestsToEnd, requestsToEnd } from '../local/requests-to-end.ts';
import { CliError, EXIT, exitCodeOf, told } from './error.ts';

export interface OutputOptions {
  json?: boolean;
}

/** What a command came to. */
export interface Outcome {
  /** Printed with `--json`, if there is something. */
  value?: unknown;
  /** Printed without, likewise. */
  text?: string;
  /** What of it went wrong. */
  failures?: Error[];
}

/**
 * Does the work of a command, prints what it came to, and sets the exit code.
 *
 * @param work is to end when `first` aborts
 */
export async function perform(
  { json }: OutputOptions,
  work: (signals: RequestsToEnd) => Promise<Outcome>,
): Promise<void> {
  const signals = requestsToEnd(process, { outlivesParent: true });
  try {
    const { value, text, failures = [] } = await work(signals);
    if (json && value !== undefined) printJson(value);
    if (!json && text) console.log(text);
    failures.forEach(complain);
    process.exitCode = failures.length > 0 ? exitCodeOf(failures[0]) : EXIT.done;
  } catch (thrown) {
    const error = signals.first.aborted && !(thrown instanceof CliError) ? interrupted('Ended by Ctrl-C.') : thrown;
    if (json) printError(error);
    complain(error);
    process.exitCode = exitCodeOf(error);
  }
  // A request that is on its way may take a minute more.
  if (signals.second.aborted) process.exit();
}

export const interrupted = (message: string): CliError => new CliError('INTERRUPTED', EXIT.interrupted, message);

/** As `--json` has it. */
export const printError = (error: unknown): void =>
  printJson({ error: told(error) ?? { code: 'INTERNAL', message: `${error}` } });

const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

function complain(error: unknown): void {
  const mark = styleText('red', '✗', { stream: process.stderr });
  const known = told(error);
  if (!known) {
    console.error(error);
    return;
  }
  const { code, message, jobId } = known;
  console.error(`${mark} ${code}: ${message}${jobId && !message.includes(jobId) ? ` (job ${jobId})` : ''}`);
}
