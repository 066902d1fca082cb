/** The CDK app, synthesized once: what is checked, priced, compared and deployed is the same. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const PROJECT = join(import.meta.dirname, '..');

const manifest = z.object({
  artifacts: z.record(z.string(), z.object({ type: z.string(), properties: z.unknown().optional() })),
});

const stackArtifact = z.object({
  templateFile: z.string(),
  stackName: z.string().optional(),
  /** What the account has to be prepared with, and the parameter that tells it. */
  requiresBootstrapStackVersion: z.int(),
  bootstrapStackVersionSsmParameter: z.string(),
});

const assets = z.object({ dockerImages: z.record(z.string(), z.unknown()).optional() });

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
  /** Whether images have to be built. */
  hasImages: boolean;
  bootstrap: { parameter: string; version: number };
}

/** CDK context as `-c name=value` gives it, over that of cdk.json. */
export type Context = Record<string, string>;

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
      CDK_CONTEXT_JSON: JSON.stringify({ ...contextInFile(), ...context }),
    },
  });
  return status === 0 ? assemblyIn(directory) : undefined;
}

function contextInFile(): Record<string, unknown> {
  const { context } = z
    .object({ context: z.record(z.string(), z.unknown()).default({}) })
    .parse(read(join(PROJECT, 'cdk.json')));
  return context;
}

function assemblyIn(directory: string): Assembly {
  const { artifacts } = manifest.parse(read(join(directory, 'manifest.json')));
  const [id, stack] = Object.entries(artifacts).find(([, { type }]) => type === 'aws:cloudformation:stack') ?? [];
  const properties = stackArtifact.parse(stack?.properties);
  const assetFile = join(directory, `${id}.assets.json`);
  const { dockerImages = {} } = existsSync(assetFile) ? assets.parse(read(assetFile)) : {};
  return {
    directory,
    stackName: properties.stackName ?? `${id}`,
    template: template.parse(read(join(directory, properties.templateFile))),
    hasImages: Object.keys(dockerImages).length > 0,
    bootstrap: {
      parameter: properties.bootstrapStackVersionSsmParameter,
      version: properties.requiresBootstrapStackVersion,
    },
  };
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
