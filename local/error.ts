export type LocalErrorCode =
  | 'CARGO_MISSING'
  | 'C_COMPILER_MISSING'
  | 'PYTHON_MISSING'
  | 'DISK_FULL'
  | 'PORT_TAKEN'
  | 'ALREADY_RUNNING'
  | 'BUILD_FAILED'
  | 'PYTHON_PACKAGES_FAILED'
  | 'EMULATOR_FAILED'
  | 'SYNTH_FAILED'
  | 'DEPLOY_FAILED'
  | 'PARAMS_CORRUPT'
  | 'PREFETCH_FAILED'
  | 'CERTIFICATE_UNUSABLE';

/** Something the person at the keyboard can act on: printed as one line, without a stack trace. */
export class LocalError extends Error {
  readonly code: LocalErrorCode;

  /** @param message what is wrong and what to do about it */
  constructor(code: LocalErrorCode, message: string) {
    super(message);
    this.name = 'LocalError';
    this.code = code;
  }
}
