/** The emulated AWS behind a proxy that may fail as AWS does. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Call {
  /** As requests are signed for it: `dynamodb`, `s3`, `sqs`, `lambda`. */
  service: string;
  /** `PutItem`; of S3 `PutObject`, or the method. */
  operation: string;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * What becomes of a call. @param passOn hands it to the emulated AWS. @returns the answer to give; undefined: the connection
 * breaks.
 */
export type Behaviour = (call: Call, passOn: () => Promise<Answer>) => Promise<Answer | undefined>;

export interface FaultyAws {
  url: string;
  /** From now on; without one, it is as well-behaved as the emulated AWS. */
  behave(behaviour?: Behaviour): void;
  /** Has the nth write from now on fail, and no other. @returns what it was, once it has failed. */
  failWrite(nth: number): () => string | undefined;
  close(): Promise<void>;
}

const WRITES = ['TransactWriteItems', 'PutItem', 'UpdateItem', 'SendMessage', 'PutObject'];

const wellBehaved: Behaviour = (_, passOn) => passOn();

/** @param endpoint of the emulated AWS. */
export async function startFaultyAws(endpoint: string): Promise<FaultyAws> {
  let behaviour = wellBehaved;
  const server = createServer(async (incoming, answer) => {
    try {
      const call = await callOf(incoming);
      const given = await behaviour(call, () => passOn(endpoint, incoming, call.body));
      if (given) reply(answer, given);
      else incoming.destroy();
    } catch {
      // The client or the emulated AWS went away.
      incoming.destroy();
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave(wanted = wellBehaved) {
      behaviour = wanted;
    },
    failWrite(nth) {
      let left = nth;
      let failed: string | undefined;
      behaviour = async ({ operation }, passOn) => {
        if (!WRITES.includes(operation) || --left !== 0) return passOn();
        failed = operation;
        // Not one of the errors that clients try again after.
        return jsonAnswer(403, 'AccessDeniedException');
      };
      return () => failed;
    },
    async close() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
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

async function callOf(incoming: IncomingMessage): Promise<Call> {
  const { headers, method = '' } = incoming;
  const service = CREDENTIAL.exec(headers.authorization ?? '')?.groups?.service ?? 's3';
  const target = headers['x-amz-target'];
  const operation = target ? `${target}`.split('.').at(-1) : method === 'PUT' ? 'PutObject' : method;
  return { service, operation: `${operation}`, body: await buffer(incoming) };
}

async function passOn(endpoint: string, { method, headers, url }: IncomingMessage, body: Buffer): Promise<Answer> {
  const outgoing = request(`${endpoint}${url}`, { method, headers });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 502, headers: response.headers, body: await buffer(response) };
}

function reply(answer: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _, 'transfer-encoding': __, ...kept } = headers;
  answer.writeHead(status, kept).end(body);
}
