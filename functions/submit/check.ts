import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { bodyOf } from '../../core/http/event.ts';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /check`, compatible: tagged preimage and ZKIR in; which parts of the transcript are skipped out. */
export const check = (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
  submitAndWait('check', bodyOf(event));
