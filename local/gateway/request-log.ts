import type { ServerResponse } from 'node:http';
import { API_KEY_PATTERN } from '../../core/access/api-key.ts';

const KEYS = new RegExp(API_KEY_PATTERN, 'g');

/** What a log may say of a request that is over: never its query or a body, which may hold secrets, nor an API key. */
export function requestLine(answer: ServerResponse, ms: number): string {
  const { method, url = '' } = answer.req;
  const [path = ''] = url.split('?');
  return `${method} ${path.replaceAll(KEYS, '[API key]')} ${answer.writableFinished ? answer.statusCode : 'cut off'} ${Math.round(ms)} ms`;
}
