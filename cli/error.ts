/** How the command ends: `nightshift --help` promises these numbers. */
import { NightshiftError } from '../client/index.ts';

export const EXIT = { done: 0, refused: 1, wrongUse: 2, unreachable: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  ${EXIT.done}    done
  ${EXIT.refused}    it came to nothing: a proof, a circuit or a check failed, or the server refused
  ${EXIT.wrongUse}    wrong use, or a file that can't be read or written
  ${EXIT.unreachable}    the server can't be reached
  ${EXIT.interrupted}  ended by Ctrl-C`;

/** Something the person at the keyboard can act on: printed as one line, without a stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly exitCode: ExitCode;

  /**
   * @param code the server's, or one of the command's own: docs/cli.md lists them
   * @param message what is wrong and what to do about it
   */
  constructor(code: string, exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** @param file as messages name it */
export const wrongOutput = (file: string, reason: string, cause?: unknown): CliError =>
  new CliError('COMPILER_OUTPUT', EXIT.wrongUse, `${file}: ${reason}`, { cause });

export const wrongUse = (message: string): CliError => new CliError('WRONG_USE', EXIT.wrongUse, message);

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  const isUnreachable = error instanceof NightshiftError && error.code === 'UNREACHABLE';
  return isUnreachable ? EXIT.unreachable : EXIT.refused;
}

export interface Told {
  code: string;
  message: string;
  jobId?: string;
}

/** How a gateway that knows nothing of Nightshift's codes answers. */
const NOT_LET_IN: (number | undefined)[] = [401, 403];

/** What is said of an error; undefined if it is a bug, of which there is more to see. */
export function told(error: unknown): Told | undefined {
  if (error instanceof CliError) return { code: error.code, message: error.message };
  if (!(error instanceof NightshiftError)) return undefined;
  const { code, message, status, jobId } = error;
  const isNotLetIn = code === 'UNAUTHENTICATED' || (code === 'UNEXPECTED_ANSWER' && NOT_LET_IN.includes(status));
  const hint = isNotLetIn ? ' The command takes it from --api-key or NIGHTSHIFT_API_KEY.' : '';
  return { code, message: message + hint, ...(jobId && { jobId }) };
}
