/** The CDK app, synthesized once: what is checked, priced, compared and deployed is the same. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { stackOf } from '../core/stage.ts';
import { PROJECT } from '../local/paths.ts';
import { type Context, stageIn } from './options.ts';

const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).optional() }),
  ),
});
export type Template = z.infer<typeof template>;

export interface Assembly {
  directory: string;
  stackName: string;
  template: Template;
}

/**
 * Runs the CDK app. What it finds wrong, it says on stderr.
 *
 * @returns undefined if it did not get through.
 */
export function synthesize(directory: string, context: Context): Assembly | undefined {
  const { status } = spawnSync(process.execPath, [join(PROJECT, 'infra', 'app.ts')], {
    cwd: PROJECT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      CDK_OUTDIR: directory,
      CDK_CONTEXT_JSON: JSON.stringify(context),
    },
  });
  if (status !== 0) return undefined;
  const stackName = stackOf(stageIn(context));
  const json = readFileSync(join(directory, `${stackName}.template.json`), 'utf8');
  return { directory, stackName, template: template.parse(JSON.parse(json)) };
}

/** The properties of all resources of a type. */
export const propertiesOf = ({ Resources }: Template, type: string): Record<string, unknown>[] =>
  Object.values(Resources).flatMap((resource) => (resource.Type === type ? [resource.Properties ?? {}] : []));
