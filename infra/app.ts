/** The CDK app. `-c packaging=zip` deploys without a container engine. */
import { App } from 'aws-cdk-lib';
import { addChecks } from './checks.ts';
import { NightshiftStack } from './stack.ts';

const app = new App();
addChecks(app, new NightshiftStack(app, 'Nightshift'));
app.synth();
