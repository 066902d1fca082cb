/** The CDK app. `-c packaging=zip` deploys without a container engine. */
import { App } from 'aws-cdk-lib';
import { nightshift } from './deployment.ts';

const app = new App();
nightshift(app);
app.synth();
