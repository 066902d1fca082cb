import { readFile } from 'node:fs/promises';
import { irFile } from './circuits.ts';

let made = 0;

/** ZKIR of the smallest circuit, and another one each time: its keys are nobody else's. */
export async function distinctCircuit(): Promise<Buffer> {
  const program = JSON.parse(await readFile(irFile('fallible/count'), 'utf8'));
  // A constant that nothing refers to.
  program.instructions.push({ op: 'load_imm', imm: (++made).toString(16).padStart(4, '0') });
  return Buffer.from(JSON.stringify(program));
}
