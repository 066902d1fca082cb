/** Which licences may be shipped: those that ask for no more than to be named. */
import type { Dependency } from './dependency.ts';

export const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CDLA-Permissive-2.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unicode-3.0',
  'Unlicense',
  'Zlib',
];

/** Of each part of an SPDX expression, one choice has to be allowed. Parentheses that would make it less strict are not read. */
export const isAllowed = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' AND ')
    .every((part) => part.split(' OR ').some((choice) => ALLOWED.includes(choice.trim())));

/** The page that lists them: `docs/licences.md`. */
export const licencesPage = (npm: Dependency[], cargo: Dependency[]): string => `# Licences of what is shipped

Nightshift itself is under the Apache License 2.0 (\`LICENSE\`). This page is made by \`npm run licences\`; a test fails where it is not up to
date, and where a licence is none of those that \`supply-chain/licences.ts\` allows.

## npm: functions, client and command line

${listOf(npm)}

## Crates: the native prover

${listOf(cargo)}
`;

function listOf(dependencies: Dependency[]): string {
  const byLicence = Map.groupBy(dependencies, ({ licence }) => licence);
  const lines = [...byLicence]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en'))
    .map(([licence, of]) => {
      const names = of.map(({ name, version }) => `${name} ${version}`).join(', ');
      return `| ${licence} | ${names} |`;
    });
  return ['| licence | packages |', '|---|---|', ...lines].join('\n');
}
