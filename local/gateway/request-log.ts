import type { ServerResponse } from 'node:http';

/** What a log may say of a request that is over: never its query or a body, which may hold secrets. */
export function requestLine(answer: ServerResponse, ms: number): string {
  const { method, url = '' } = answer.req;
  const [path] = url.split('?');
  return `${method} ${path} ${answer.writableFinished ? answer.statusCode : 'cut off'} ${Math.round(ms)} ms`;
}
