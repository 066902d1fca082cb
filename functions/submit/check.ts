import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /check`, compatible: tagged preimage and ZKIR in; which parts of the transcript are skipped out. */
export const check = (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> =>
  submitAndWait('check', event, context);
