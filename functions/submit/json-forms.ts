/** The JSON bodies of Midnight's server for trusted execution environments, which the compatible endpoints take, too. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { z } from 'zod';
import { circuitName } from '../../core/contracts/names.ts';
import { jsonIn, sendsJson } from '../../core/http/event.ts';

/** `witness`: a tagged proof preimage. */
export const proveForm = z.object({ witness: z.base64(), circuit_id: circuitName });
export const checkForm = z.object({ preimage: z.base64() });
export const kForm = z.object({ circuit_id: circuitName });
/** `transaction`: the tagged body of `/prove-tx`. */
export const proveTxForm = z.object({ transaction: z.base64(), options: z.unknown().optional() });

/** The body if it is JSON of that form. Whatever else it is, is left to the reader of tagged bytes, and so are its errors. */
export function formOf<S extends z.ZodType>(form: S, event: APIGatewayProxyEvent): z.infer<S> | undefined {
  if (!sendsJson(event)) return undefined;
  try {
    return form.safeParse(jsonIn(event)).data;
  } catch {
    return undefined;
  }
}
