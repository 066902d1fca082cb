/** What a deployment's functions run on: `-c architecture=amd64` */
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { ARCHITECTURES, type ArchitectureName, staticProver } from './prover-executable.ts';

/** Costs a fifth less than the other. */
const DEFAULT: ArchitectureName = 'arm64';

const OF_LAMBDA = { arm64: Architecture.ARM_64, amd64: Architecture.X86_64 };
const OF_IMAGES = { arm64: Platform.LINUX_ARM64, amd64: Platform.LINUX_AMD64 };

/** @throws Error if there is none of that name. */
export function architectureNamed(given: unknown = DEFAULT): ArchitectureName {
  const name = ARCHITECTURES.find((known) => known === given);
  if (!name) throw new Error(`architecture is ${ARCHITECTURES.join(' or ')}, not ${given}`);
  return name;
}

const nameIn = ({ node }: Construct): ArchitectureName => architectureNamed(node.tryGetContext('architecture'));

export const architectureOf = (scope: Construct): Architecture => OF_LAMBDA[nameIn(scope)];

export const platformOf = (scope: Construct): Platform => OF_IMAGES[nameIn(scope)];

/** The executable for the layer, and how to come by it: what was built for the architecture, or `-c prover=FILE`. */
export function proverFor(scope: Construct): { executable: string; how: string } {
  const given: string | undefined = scope.node.tryGetContext('prover');
  if (given) return { executable: given, how: 'Name an executable that is there.' };
  const name = nameIn(scope);
  return { executable: staticProver(name), how: `Run: npm run build:prover -- --arch ${name}` };
}
