/** How the client's calls fail. */
import type { ErrorCode } from '../core/errors.ts';

/**
 * A code of the server's, which may be newer than this client; or the client's own: UNREACHABLE (no answer came),
 * UNEXPECTED_ANSWER (one came that is none of Nightshift's) and CANNOT_SEAL (the browser keeps cryptography from the page).
 */
export type NightshiftErrorCode = ErrorCode | 'UNREACHABLE' | 'UNEXPECTED_ANSWER' | 'CANNOT_SEAL' | (string & {});

interface Details extends ErrorOptions {
  /** HTTP status of the answer. */
  status?: number;
  jobId?: string;
}

/** Its message says what was wrong and what to do. */
export class NightshiftError extends Error {
  override readonly name = 'NightshiftError';
  readonly code: NightshiftErrorCode;
  /** HTTP status of the answer, if that is what failed. */
  readonly status: number | undefined;
  /** The job that it is about. */
  readonly jobId: string | undefined;

  constructor(code: NightshiftErrorCode, message: string, { status, jobId, ...options }: Details = {}) {
    super(message, options);
    this.code = code;
    this.status = status;
    this.jobId = jobId;
  }
}
