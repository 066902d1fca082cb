/** Prove's container image, built from what the CDK hands to a container engine, as an engine builds it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { z } from 'zod';
import { nightshift } from '../../infra/deployment.ts';
import { HOST_ARCHITECTURE, staticProver } from '../../infra/prover-executable.ts';
import { buildah, ISOLATION } from './buildah.ts';
import { lambdaImage } from './lambda-image.ts';

const STACK = 'Nightshift';
const NAME = 'localhost/nightshift-prove';

const manifest = z.object({
  dockerImages: z.record(z.string(), z.object({ source: z.object({ directory: z.string(), platform: z.string() }) })),
});
const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z
        .object({ PackageType: z.string(), Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) })
        .partial()
        .optional(),
    }),
  ),
});

export interface ProveImage {
  image: string;
  /** What it is built on. */
  base: string;
  /** What its smallest function has of variables that don't name other resources. */
  environment: Record<string, string>;
}

/** For this machine's architecture. */
export async function buildProveImage(): Promise<ProveImage> {
  const outdir = await mkdtemp(join(tmpdir(), 'nightshift-image-'));
  try {
    const app = new App({ context: { packaging: 'image', architecture: HOST_ARCHITECTURE }, outdir });
    nightshift(app);
    app.synth();
    const base = await lambdaImage();
    const { dockerImages } = manifest.parse(await readJson(join(outdir, `${STACK}.assets.json`)));
    // The lanes have it in common.
    const [{ source }] = Object.values(dockerImages) as [{ source: { directory: string; platform: string } }];
    await buildah(
      ...['build', ...ISOLATION, '--platform', source.platform, '--tag', NAME],
      ...['--build-arg', `BASE_IMAGE=${base}`],
      // What the first stage makes, by the same script, without compiling for some minutes more.
      ...['--build-context', `executable=${dirname(staticProver(HOST_ARCHITECTURE))}`],
      join(outdir, source.directory),
    );
    const { Resources } = template.parse(await readJson(join(outdir, `${STACK}.template.json`)));
    const [prove] = Object.values(Resources).filter(({ Properties }) => Properties?.PackageType === 'Image');
    const literal = Object.entries(prove?.Properties?.Environment?.Variables ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return { image: NAME, base, environment: Object.fromEntries(literal) };
  } finally {
    await rm(outdir, { recursive: true });
  }
}

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
