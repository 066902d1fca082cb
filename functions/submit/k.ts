import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { text } from '../../core/http/answers.ts';
import { bodyOf } from '../../core/http/event.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';

/** `POST /k`, compatible: a tagged ZKIR in, the decimal k out. Answered at once, no job. */
export async function k(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const answer = await nativeProver().ask('k', { ir: bodyOf(event) });
  return text(200, String(answer.k));
}
