/** The CDK app, synthesized once: what is checked, priced, compared and deployed is the same. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT } from '../local/paths.ts';
import type { Context } from './options.ts';

const manifest = z.object({
  artifacts: z.record(z.string(), z.object({ type: z.string(), properties: z.unknown().optional() })),
});

const stackArtifact = z.object({ templateFile: z.string() });

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
  return status === 0 ? assemblyIn(directory) : undefined;
}

function assemblyIn(directory: string): Assembly {
  const { artifacts } = manifest.parse(read(join(directory, 'manifest.json')));
  const [stackName = '', stack] =
    Object.entries(artifacts).find(([, { type }]) => type === 'aws:cloudformation:stack') ?? [];
  const { templateFile } = stackArtifact.parse(stack?.properties);
  return { directory, stackName, template: template.parse(read(join(directory, templateFile))) };
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** The properties of all resources of a type. */
export const propertiesOf = ({ Resources }: Template, type: string): Record<string, unknown>[] =>
  Object.values(Resources).flatMap((resource) => (resource.Type === type ? [resource.Properties ?? {}] : []));
