/** The threat model's claims are held by tests that there are. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const DOCUMENT = 'docs/threat-model.md';
/** `| 4 | the claim | where | shown by |` */
const CLAIM = /^\| (\d+) \|(.+)\|([^|]+)\|$/gm;
const TEST_FILE = /`((?:test|layers\/prover\/tests)\/[^`]+)`/g;

const text = await readFile(DOCUMENT, 'utf8');
const claims = [...text.matchAll(CLAIM)].map(([, number, , shownBy = '']) => ({
  number,
  files: [...shownBy.matchAll(TEST_FILE)].map(([, file = '']) => file),
}));

test('there are claims', () => {
  expect(claims.length).toBeGreaterThan(10);
});

test.each(claims)('claim $number is shown by tests that there are', ({ files }) => {
  expect(files).not.toEqual([]);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
});

test('all other files that it names are there', () => {
  const named = [...text.matchAll(/`((?:core|infra|functions|local|layers|test)\/[^`*]+)`/g)].map(
    ([, file = '']) => file,
  );
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});
