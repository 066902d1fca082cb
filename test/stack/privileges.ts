/** What the policed emulated AWS tells in its log. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { STATE_ROOT } from '../../local/paths.ts';

/** Runs it. */
export const POLICED = join(import.meta.dirname, 'policed-emulator.py');

/** Where the shared stack keeps its state. */
export const STATE_DIR = join(STATE_ROOT, 'test');

/** In names that tests ask for although they may not have it. */
export const DELIBERATE = 'deliberate';

/** Whether a test asked for it only to be refused: nothing of ours goes through the whole table. */
export const isDeliberate = ({ action, about }: Refusal): boolean =>
  `${about}`.includes(DELIBERATE) || action === 'dynamodb:Scan';

const refusal = z.object({ who: z.string(), action: z.string(), about: z.union([z.string(), z.array(z.string())]) });
export type Refusal = z.infer<typeof refusal>;

const credentials = z
  .object({
    function: z.string(),
    AWS_ACCESS_KEY_ID: z.string(),
    AWS_SECRET_ACCESS_KEY: z.string(),
    AWS_SESSION_TOKEN: z.string(),
  })
  .transform((told) => ({
    function: told.function,
    accessKeyId: told.AWS_ACCESS_KEY_ID,
    secretAccessKey: told.AWS_SECRET_ACCESS_KEY,
    sessionToken: told.AWS_SESSION_TOKEN,
  }));

/** What somebody asked for whose policies do not allow it. */
export const refusals = (stateDir = STATE_DIR): Promise<Refusal[]> => told('refused', refusal, stateDir);

/** What the function has that has been called, by the beginning of its name. @throws if none has. */
export async function credentialsOf(name: string, stateDir = STATE_DIR): Promise<z.infer<typeof credentials>> {
  const found = (await told('credentials', credentials, stateDir)).find((told) => told.function.startsWith(name));
  if (!found) throw new Error(`${name} has not been called`);
  return found;
}

async function told<S extends z.ZodType>(what: string, schema: S, stateDir: string): Promise<z.infer<S>[]> {
  const lines = (await readFile(join(stateDir, 'emulator.log'), 'utf8')).split('\n');
  const start = `${what}: `;
  return lines
    .filter((line) => line.startsWith(start))
    .map((line) => schema.parse(JSON.parse(line.slice(start.length))));
}
