import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { nightshift } from '../../infra/deployment.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import type { NightshiftStack } from '../../infra/stack.ts';

// What is reviewed is the stack without this machine's settings.
delete process.env.MIDNIGHT_PARAM_SOURCE;

/** The stack with this machine's prover, whatever the architecture. */
export const stackWith = (context: Record<string, unknown>): NightshiftStack =>
  nightshift(new App({ context: { prover: PROVER_EXECUTABLE, ...context } }));

/** The app as `cdk synth` sees it. Synthesis throws if cdk-nag finds something that is not acknowledged. */
export const synthesize = (context: Record<string, unknown>): Template => Template.fromStack(stackWith(context));

/** The template without what changes with every build: the hashes of its assets, and the ids made from them. */
export function stable(template: Template): unknown {
  const text = JSON.stringify(template.toJSON(), null, 2);
  return JSON.parse(
    text
      .replaceAll(/[0-9a-f]{64}/g, '<asset>')
      .replaceAll(/(Deployment|CurrentVersion)[0-9A-Za-z]{8}[0-9a-f]{32}/g, '$1<hash>'),
  );
}

/** The template's functions of ours; the CDK adds one that calls others during a deployment. */
export const functionsIn = (template: Template) =>
  Object.values(
    template.findResources('AWS::Lambda::Function', {
      Properties: { Description: Match.stringLikeRegexp('^Nightshift: ') },
    }),
  );
