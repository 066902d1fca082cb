import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { bodyOf } from '../../core/http/event.ts';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /prove`, compatible: tagged preimage, keys and binding input in; the tagged proof out. */
export const prove = (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
  submitAndWait('prove', bodyOf(event));
