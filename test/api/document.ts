/** An OpenAPI document, as far as tests read it. */
import type { openApiDocument } from '../../core/api/openapi.ts';

export type OpenApi = ReturnType<typeof openApiDocument>;

export interface Operation {
  /** In capitals. */
  method: string;
  /** With its parameters in braces. */
  path: string;
  /** Where the document has it. */
  pointer: string[];
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

export const operationsOf = ({ paths = {} }: OpenApi): Operation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((name) => item[name]).map((name) => ({
      method: name.toUpperCase(),
      path,
      pointer: ['paths', path, name],
    })),
  );

/** As `METHOD /path`, in order. */
export const namesOf = (operations: { method: string; path: string }[]): string[] =>
  operations.map(({ method, path }) => `${method} ${path}`).sort();
