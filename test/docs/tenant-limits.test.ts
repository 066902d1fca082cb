/** Each limit of a tenant is in the documents where operators look for it. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { limitOption } from '../../cli/tenant-limit-options.ts';
import { TENANT_LIMITS } from '../../core/tenant-limits.ts';

test.each(TENANT_LIMITS)('$name', async ({ name, schema }) => {
  expect(await readFile('docs/cli.md', 'utf8')).toContain(`| \`${limitOption(name)}\` | ${schema.description} |\n`);
  expect(await readFile('docs/configuration.md', 'utf8')).toContain(`\n| \`${name}\` | `);
  expect(await readFile('docs/runbook.md', 'utf8')).toMatch(new RegExp(`^\\| RATE_LIMITED \\|.*\`${name}\``, 'm'));
});
