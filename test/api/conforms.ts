/** Answers of deployments under test, held against the OpenAPI document that they serve. */
import { expect } from 'vitest';
import document from '../../docs/openapi.json' with { type: 'json' };
import { Description } from './description.ts';
import type { OpenApi } from './document.ts';

const description = new Description(document as OpenApi);

/** Operations with statuses that they have answered, as `POST /v1/jobs 202`. */
export const conformed = new Set<string>();

/**
 * Expects an answer to be as it is described: status, headers, content type and body.
 *
 * @param path that was asked for, with its query
 * @param response is left unread
 */
export async function expectConforming(method: string, path: string, response: Response): Promise<void> {
  const asked = `${method} ${path}`;
  const operation = description.operationOf(method, path);
  if (!operation) throw new Error(`${asked} is not described`);
  const text = await response.clone().text();
  expect(description.objectionsTo(operation, response, text), `${asked} answers ${text}`).toEqual([]);
  conformed.add(`${method} ${operation.path} ${response.status}`);
}
