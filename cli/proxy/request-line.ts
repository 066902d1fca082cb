import type { ServerResponse } from 'node:http';
import { durationOf } from '../print.ts';

/** What the proxy says of a request that is over: never its query or a body, which may hold secrets. */
export function requestLine(answer: ServerResponse, ms: number): string {
  const { method, url = '' } = answer.req;
  const [path] = url.split('?');
  const became = answer.writableFinished ? answer.statusCode : 'cut off';
  return [method, path, became, durationOf(ms), answer.getHeader('x-job-id')].filter(Boolean).join(' ');
}
