import {
  Code,
  DockerImageCode,
  DockerImageFunction,
  type Function as LambdaFunction,
  LayerVersion,
} from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { architectureOf, platformOf } from './architecture.ts';
import { imageDirectory, layerDirectory } from './bundle.ts';
import { commonProps, type FunctionOptions, zipFunction } from './function.ts';

/** The native prover under /opt/bin, for the functions that use it. */
export class ProverLayer extends LayerVersion {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'Nightshift: the native prover',
      code: Code.fromAsset(layerDirectory),
      compatibleArchitectures: [architectureOf(scope)],
    });
  }
}

/** Makes a lane's prove function. */
export type Packaging = (scope: Construct, options: FunctionOptions) => LambdaFunction;

/** A switch, not a fork: both forms hold the same files at the same places. */
export function packagingOf(scope: Construct, layer: ProverLayer): Packaging {
  const packaging: unknown = scope.node.tryGetContext('packaging') ?? 'image';
  if (packaging === 'image') return imageFunction;
  if (packaging === 'zip') return (lane, options) => zipFunction(lane, 'prove', { ...options, layers: [layer] });
  throw new Error(`packaging is image or zip, not ${packaging}`);
}

const imageFunction: Packaging = (scope, options) =>
  new DockerImageFunction(scope, 'prove', {
    ...commonProps(scope, 'prove', options),
    code: DockerImageCode.fromImageAsset(imageDirectory, { platform: platformOf(scope) }),
  });
