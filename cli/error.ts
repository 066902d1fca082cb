/** How the command ends: `nightshift --help` promises these numbers. */
export const EXIT = { done: 0, refused: 1, wrongUse: 2, unreachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES_HELP = `
Exit codes:
  ${EXIT.done}  done
  ${EXIT.refused}  a circuit failed, or the server refused
  ${EXIT.wrongUse}  wrong use, or a folder that can't be read
  ${EXIT.unreachable}  the server can't be reached`;

/** Something the person at the keyboard can act on: printed as one line, without a stack trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly exitCode: ExitCode;

  /**
   * @param code the server's, or one of the command's own: COMPILER_OUTPUT, UNREACHABLE, UNEXPECTED_ANSWER
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
