/** `npm run openapi`: writes down what the API is, in OpenAPI's terms. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from '../core/api/openapi.ts';
import { PROJECT } from './paths.ts';

await writeFile(join(PROJECT, 'docs/openapi.json'), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
