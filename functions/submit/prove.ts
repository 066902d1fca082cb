import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { submitAndWait } from './submit-and-wait.ts';

/** `POST /prove`, compatible: tagged preimage, keys and binding input in; the tagged proof out. */
export const prove = (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> =>
  submitAndWait('prove', event, context);
