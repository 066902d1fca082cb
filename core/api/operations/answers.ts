/** Good answers, in OpenAPI's terms. */
import type { z } from 'zod';
import type { ZodOpenApiHeaderObject, ZodOpenApiResponseObject } from 'zod-openapi';

/** Headers of answers: operations refer to them by their names. */
export const HEADERS = {
  Location: { description: 'Path of what was made', required: true, schema: { type: 'string' } },
  'Idempotent-Replayed': {
    description: 'The same request came before, and this is what it made',
    schema: { type: 'string', const: 'true' },
  },
  'Retry-After': { description: 'Ask again after so many seconds', schema: { type: 'integer', minimum: 0 } },
  'X-Nightshift-Version': { description: "The server's version", schema: { type: 'string' } },
  'X-Nightshift-Warning': {
    description: 'That this is made with development parameters, and insecure',
    schema: { type: 'string' },
  },
} as const satisfies Record<string, ZodOpenApiHeaderObject>;

export const headersNamed = (...names: (keyof typeof HEADERS)[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

type Content = NonNullable<ZodOpenApiResponseObject['content']>;
type Examples = Record<string, { summary: string; value: unknown }>;

export const json = (schema: z.ZodType, examples?: Examples): Content => ({
  'application/json': { schema, ...(examples && { examples }) },
});

/** Tagged bytes: OpenAPI 3.1 describes bytes by saying nothing of them. */
export const BYTES: Content = { 'application/octet-stream': {} };

export const answer = (
  description: string,
  content: Content,
  ...headers: (keyof typeof HEADERS)[]
): ZodOpenApiResponseObject => ({
  description,
  headers: headersNamed('X-Nightshift-Version', ...headers),
  content,
});
