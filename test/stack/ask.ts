/** A request handed to the functions behind the API in this process, in the scratch resources of a test. */
import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import type { Caller } from '../../core/access/caller.ts';
import { handler as status } from '../../functions/status/index.ts';
import { handler as submit } from '../../functions/submit/index.ts';
import { authorizer } from './caller.ts';

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  /** Of JSON, what it says. */
  body: Record<string, unknown>;
  /** As it was sent. */
  text: string;
}

interface Request {
  /** Sent as JSON unless it is bytes. */
  body?: object;
  headers?: Record<string, string>;
  /** Whoever has a key of the local tenant's, if not given. */
  caller?: Caller;
}

/** @param target path and query */
export async function ask(
  method: string,
  target: string,
  { body, headers = {}, caller }: Request = {},
): Promise<Answer> {
  const { pathname: path, searchParams } = new URL(target, 'http://localhost');
  const isBytes = body instanceof Uint8Array;
  const names = [...new Set(searchParams.keys())];
  const event = {
    httpMethod: method,
    path,
    resource: path,
    headers: { ...(body && { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }), ...headers },
    multiValueQueryStringParameters: Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)])),
    body: body && Buffer.from(isBytes ? body : JSON.stringify(body)).toString('base64'),
    isBase64Encoded: true,
    requestContext: { requestId: randomUUID(), requestTimeEpoch: Date.now(), authorizer: authorizer(caller) },
  } as unknown as APIGatewayProxyEvent;
  const answer = await (method === 'POST' ? submit : status)(event, {} as Context);
  const isJson = /json/.test(String(answer.headers?.['content-type']));
  const { statusCode, headers: answered = {}, body: text } = answer;
  return { status: statusCode, headers: answered, body: isJson ? JSON.parse(text) : {}, text };
}
