/** GitHub's own parser of workflows. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { validate } from '@actions/languageservice';
import { build } from 'esbuild';
import { TextDocument } from 'vscode-languageserver-textdocument';

export type Validate = typeof validate;

/** It is made for bundlers: Node does not take the way in which it imports JSON. */
export async function loadParser(): Promise<Validate> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-workflow-parser-'));
  const outfile = join(folder, 'parser.cjs');
  try {
    const contents = "export { validate } from '@actions/languageservice'";
    const stdin = { contents, resolveDir: import.meta.dirname };
    await build({ stdin, bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' });
    return (await import(outfile)).validate;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @returns what is wrong, each with the number of its line. */
export async function faultsIn(workflow: string, name: string, parse: Validate): Promise<string[]> {
  const document = TextDocument.create(`file:///.github/workflows/${name}`, 'yaml', 1, workflow);
  const diagnostics = await parse(document, {});
  return diagnostics.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}
