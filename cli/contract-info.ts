/** What the Compact compiler says about a contract. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { wrongOutput } from './error.ts';
import { readIfThere } from './reading.ts';

const contractInfo = z.object({
  circuits: z.array(
    z.object({
      name: z.string(),
      /** Whether the circuit has ZKIR and keys. Compilers before 0.29 don't say. */
      proof: z.boolean().optional(),
    }),
  ),
});

export interface ContractInfo extends z.infer<typeof contractInfo> {
  /** As messages name it: relative to the output folder. */
  file: string;
}

/** Where it lies: the compiler writes the first; some build scripts move it up. */
const PLACES = ['compiler/contract-info.json', 'contract-info.json'];

/**
 * @returns undefined where there is none.
 * @throws CliError COMPILER_OUTPUT
 */
export async function readContractInfo(folder: string): Promise<ContractInfo | undefined> {
  for (const file of PLACES) {
    const text = await readIfThere(file, readFile(join(folder, file), 'utf8'));
    if (text !== undefined) return { file, ...parse(text, file) };
  }
  return undefined;
}

function parse(text: string, file: string): z.infer<typeof contractInfo> {
  try {
    return contractInfo.parse(JSON.parse(text));
  } catch (error) {
    throw wrongOutput(file, 'it is not what the Compact compiler writes. Compile the contract again.', error);
  }
}
