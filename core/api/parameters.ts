/** Public parameters that a deployment has at hand. */
import * as z from 'zod';

const sizes = (description: string) =>
  z.array(z.int()).meta({ description: `${description}: each k, for circuits with up to 2^k rows, in rising order` });

export const parametersView = z
  .object({ midnight: sizes("Midnight's"), development: sizes('Insecure ones, for tests') })
  .meta({ id: 'Parameters' });
export type Parameters = z.infer<typeof parametersView>;
