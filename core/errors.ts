/** Every error a user can meet has one of these codes, and each code one HTTP status. */
const STATUS_OF_CODE = {
  INVALID_REQUEST: 400,
  INVALID_WITNESS: 400,
  INVALID_CIRCUIT: 400,
  PAYLOAD_TOO_LARGE: 413,
  CIRCUIT_NOT_FOUND: 404,
  CONTRACT_NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  BATCH_NOT_FOUND: 404,
  SEALING_KEY_NOT_FOUND: 404,
  /** The Idempotency-Key, or the job's id, is another request's. */
  CONFLICT: 409,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CIRCUIT_TOO_LARGE: 413,
  KEY_MISMATCH: 400,
  PARAMS_UNAVAILABLE: 503,
  PROOF_GENERATION_FAILED: 500,
  PROOF_NOT_READY: 409,
  TIMEOUT: 504,
  OUT_OF_MEMORY: 500,
  QUEUE_FULL: 429,
  RATE_LIMITED: 429,
  /** No function could answer. */
  UNAVAILABLE: 503,
  CANCELLED: 409,
  EXPIRED: 410,
  INTERNAL: 500,
} as const;

export type ErrorCode = keyof typeof STATUS_OF_CODE;
export const ERROR_CODES = Object.keys(STATUS_OF_CODE) as [ErrorCode, ...ErrorCode[]];

/** Not of a code that a newer version has made up. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(STATUS_OF_CODE, code);

export const statusOf = (code: ErrorCode): number => STATUS_OF_CODE[code];

/** An error whose message is meant for the user: it says what was wrong and what to do, and never holds witness data. */
export class NightshiftError extends Error {
  override readonly name: string = 'NightshiftError';
  readonly code: ErrorCode;
  /** When the same request is worth repeating, if what is in its way passes by itself. */
  readonly retryAfterSeconds?: number;

  constructor(
    code: ErrorCode,
    message: string,
    { retryAfterSeconds, ...options }: ErrorOptions & { retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** What a user may see of any error: its own code and message if it is ours, INTERNAL and nothing else otherwise. */
export function publicError(error: unknown): { code: ErrorCode; message: string } {
  if (error instanceof NightshiftError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL', message: 'Something went wrong on our side. Please submit again.' };
}
