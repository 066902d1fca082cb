import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addChecks } from '../../infra/checks.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import { NightshiftStack } from '../../infra/stack.ts';

// What is reviewed is the stack without this machine's settings.
delete process.env.MIDNIGHT_PARAM_SOURCE;

/** The app as `cdk synth` sees it. Synthesis throws if cdk-nag finds something that is not acknowledged. */
export function synthesize(context: Record<string, unknown>): Template {
  const app = new App({ context: { prover: PROVER_EXECUTABLE, ...context } });
  const stack = new NightshiftStack(app, 'Nightshift');
  addChecks(app, stack);
  return Template.fromStack(stack);
}

/** The template without what changes with every build: the hashes of its assets, and the ids made from them. */
export function stable(template: Template): unknown {
  const text = JSON.stringify(template.toJSON(), null, 2);
  return JSON.parse(
    text.replaceAll(/[0-9a-f]{64}/g, '<asset>').replaceAll(/(Deployment)[0-9A-Za-z]{8}[0-9a-f]{32}/g, '$1<hash>'),
  );
}
