/** Has a deployed stack bring the built-in circuits' keys and the public parameters into its bucket. */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** What became of each thing, by kind and name: `present`, `made`, or why it is missing. */
type Outcome = Record<string, Record<string, string>>;

/**
 * Takes seconds the first time; later the function finds everything there.
 *
 * @returns a line that tells what is missing, and why.
 */
export async function prefetch(lambda: LambdaClient, functionName: string, signal?: AbortSignal): Promise<string> {
  const command = new InvokeCommand({ FunctionName: functionName, Payload: '{}' });
  const { FunctionError, Payload } = await lambda.send(command, { abortSignal: signal });
  const answer = Payload?.transformToString() ?? '';
  if (FunctionError) throw new Error(`Keys and parameters are not at hand: ${answer}`);
  return summaryOf(JSON.parse(answer));
}

function summaryOf(outcome: Outcome): string {
  const all = Object.values(outcome).flatMap((kind) => Object.entries(kind));
  const count = (state: string) => all.filter(([, became]) => became === state).length;
  const missing = all.filter(([, became]) => became !== 'present' && became !== 'made');
  return [
    `${count('present')} present, ${count('made')} made`,
    ...missing.map(([name, reason]) => `${name} ${reason}`),
  ].join('; ');
}
