/** What the app deploys: one stack, named by its stage, tagged and checked. */
import { type App, Tags } from 'aws-cdk-lib';
import { stackOf } from '../core/stage.ts';
import { addChecks } from './checks.ts';
import { settingsOf } from './settings.ts';
import { NightshiftStack } from './stack.ts';

export function nightshift(app: App): NightshiftStack {
  const { stage, tags, keepData } = settingsOf(app);
  const stack = new NightshiftStack(app, stackOf(stage), { terminationProtection: keepData });
  // By which costs can be told apart.
  const all = { application: 'nightshift', ...(stage && { stage }), ...tags };
  for (const [name, value] of Object.entries(all)) Tags.of(app).add(name, value);
  addChecks(app, stack);
  return stack;
}
