/** Errors of AWS in the words of the command line. Operators are let in by AWS credentials, not by the API. */
import { CliError, EXIT } from '../error.ts';

// AWS's clients for JavaScript do not know this name of it; the AWS CLI and the CDK do.
if (process.env.AWS_DEFAULT_REGION) process.env.AWS_REGION ??= process.env.AWS_DEFAULT_REGION;

/** @throws CliError AWS_NOT_SET_UP, AWS_REFUSED or UNREACHABLE instead of what the SDK throws. */
export async function onAws<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw inOurWords(error as SdkError);
  }
}

type SdkError = Error & { $fault?: string; code?: string };

function inOurWords(error: SdkError): Error {
  if (error instanceof CliError) return error;
  const { name, message, code } = error;
  if (name === 'CredentialsProviderError' || message === 'Region is missing') {
    const advice =
      'Name your account as for the AWS CLI: AWS_PROFILE, or AWS_ACCESS_KEY_ID and its like, and AWS_REGION.';
    return new CliError('AWS_NOT_SET_UP', EXIT.wrongUse, `${message.replace(/\.*$/, '.')} ${advice}`, { cause: error });
  }
  if (error.$fault) return new CliError('AWS_REFUSED', EXIT.refused, `${name}: ${message}`, { cause: error });
  if (code === undefined && name !== 'TimeoutError') return error;
  return new CliError('UNREACHABLE', EXIT.unreachable, `AWS can't be reached: ${message || code}`, { cause: error });
}
