/** Answers of the deployment under test, held against the OpenAPI document that it serves. */
import { expect, inject } from 'vitest';
import { Description } from './description.ts';
import type { OpenApi } from './document.ts';

let served: Promise<Description> | undefined;

/** Operations with statuses that they have answered, as `POST /v1/jobs 202`. */
export const conformed = new Set<string>();

/**
 * Expects an answer to be as it is described: status, headers, content type and body.
 *
 * @param path that was asked for, with its query
 * @param response is left unread
 */
export async function expectConforming(method: string, path: string, response: Response): Promise<void> {
  served ??= readDescription();
  const description = await served;
  const asked = `${method} ${path}`;
  const operation = description.operationOf(method, path);
  if (!operation) throw new Error(`${asked} is not described`);
  const text = await response.clone().text();
  expect(description.objectionsTo(operation, response, text), `${asked} answers ${text}`).toEqual([]);
  conformed.add(`${method} ${operation.path} ${response.status}`);
}

async function readDescription(): Promise<Description> {
  const response = await fetch(`${inject('baseUrl')}/v1/openapi.json`);
  return new Description((await response.json()) as OpenApi);
}
