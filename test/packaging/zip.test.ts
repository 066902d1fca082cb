import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { FUNCTION_NAMES, functionDirectory, layerDirectory } from '../../infra/bundle.ts';
import { ARCHITECTURES } from '../../infra/prover-executable.ts';
import { NightshiftStack } from '../../infra/stack.ts';

/** What Lambda takes of a function and its layers, unpacked. */
const MOST_UNPACKED_BYTES = 250 * 2 ** 20;

describe.each(ARCHITECTURES)('packed as zip for %s', (architecture) => {
  beforeAll(() => {
    new NightshiftStack(new App({ context: { packaging: 'zip', architecture } }), 'Nightshift');
  });

  test('no function is too large for Lambda, even with the layer', async () => {
    const layer = await bytesIn(layerDirectory);
    const functions = await Promise.all(
      FUNCTION_NAMES.map(async (name) => [name, await bytesIn(functionDirectory(name))] as const),
    );
    const [[largest, bytes]] = functions.toSorted(([, a], [, b]) => b - a) as [[string, number]];
    console.log(`Layer ${inMb(layer)}, largest function ${largest} ${inMb(bytes)}.`);
    expect(layer + bytes).toBeLessThan(MOST_UNPACKED_BYTES);
  });
});

const inMb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => stat(join(parentPath, name)));
  return (await Promise.all(files)).reduce((sum, { size }) => sum + size, 0);
}
