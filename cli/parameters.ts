/** Public parameters as a deployment has them, and brings them. */
import { z } from 'zod';
import type { ParameterSet } from '../core/circuits/parameter-set.ts';
import { connectionTo, type Deployment } from './deployment.ts';

const brought = z.object({ k: z.int(), warning: z.string().optional() });

/**
 * Has those for circuits of up to 2^k rows brought, if they are not there, and waits until they are.
 *
 * @returns the warning about them, if there is one.
 * @throws NightshiftError
 */
export async function bringParameters(
  deployment: Deployment,
  k: number,
  parameters: ParameterSet,
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = { parameters };
  const { warning } = await connectionTo(deployment).ask(brought, `/fetch-params/${k}`, { query, signal });
  return warning;
}
