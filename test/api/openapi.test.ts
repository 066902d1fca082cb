import { readFile } from 'node:fs/promises';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../core/api/openapi.ts';

const FILE = 'docs/openapi.json';

test(`${FILE} is what the schemas come to`, async () => {
  const written = JSON.parse(await readFile(FILE, 'utf8'));
  expect(written, 'The API has changed. Look at what `npm run openapi` makes of it, and commit that.').toEqual(
    JSON.parse(JSON.stringify(openApiDocument())),
  );
});

const lint = async (source: string) => {
  const problems = await lintFromString({ source, config: await createConfig({ extends: ['recommended'] }) });
  return problems.map(({ ruleId, message, location: [at] }) => `${ruleId}: ${message} (${at?.pointer})`);
};

test(`${FILE} is OpenAPI as it is recommended`, async () => {
  expect(await lint(await readFile(FILE, 'utf8'))).toEqual([]);
});

test('an example that its schema does not allow is found', async () => {
  const wrong = (await readFile(FILE, 'utf8')).replace('"state": "succeeded"', '"state": "proved"');
  expect(await lint(wrong)).toEqual([expect.stringMatching(/^no-invalid-media-type-examples: .*allowed values/)]);
});
