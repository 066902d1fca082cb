/** The emulated AWS behind a proxy that may fail as AWS does. */
import { type Answer, type Call, type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts';

export interface FaultyAws extends FaultyProxy {
  /** Has the nth write from now on fail, and no other. @returns what it was, once it has failed. */
  failWrite(nth: number): () => string | undefined;
}

const WRITES = ['TransactWriteItems', 'PutItem', 'UpdateItem', 'SendMessage', 'PutObject'];

/** @param endpoint of the emulated AWS. */
export async function startFaultyAws(endpoint: string): Promise<FaultyAws> {
  const proxy = await startFaultyProxy(endpoint);
  return {
    ...proxy,
    failWrite(nth) {
      let left = nth;
      let failed: string | undefined;
      proxy.behave(async (call, passOn) => {
        if (!WRITES.includes(operationOf(call)) || --left !== 0) return passOn();
        failed = operationOf(call);
        // Not one of the errors that clients try again after.
        return jsonAnswer(403, 'AccessDeniedException');
      });
      return () => failed;
    },
  };
}

/** An error in the form of DynamoDB and SQS. */
export const jsonAnswer = (status: number, type: string, more: object = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: Buffer.from(JSON.stringify({ __type: type, message: 'A fault of this test.', ...more })),
});

const CREDENTIAL = /Credential=[^/]+\/\d+\/[^/]+\/(?<service>[\w-]+)\//;

/** As requests are signed for it: `dynamodb`, `s3`, `sqs`, `lambda`. */
export const serviceOf = ({ headers }: Call): string =>
  CREDENTIAL.exec(headers.authorization ?? '')?.groups?.service ?? 's3';

/** `PutItem`; of S3 `PutObject`, or the method. */
export function operationOf({ method, headers }: Call): string {
  const target = headers['x-amz-target'];
  if (target) return `${`${target}`.split('.').at(-1)}`;
  return method === 'PUT' ? 'PutObject' : method;
}
