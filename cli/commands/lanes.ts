/** `nightshift lanes`: the lanes of a deployment and their caps. What it does is in `operator/`. */
import { type Command, Option } from 'commander';
import { type Caps, capsSchema } from '../../core/lanes.ts';
import { wholeNumber } from '../../local/number-options.ts';
import { type StackOptions, withStack } from '../options.ts';
import { perform } from '../perform.ts';

const { maxConcurrency, capacity } = capsSchema.shape;

export function addLanes(program: Command): void {
  const lanes = program.command('lanes').description("a deployment's lanes and their caps, for its operator");
  addList(lanes);
  addSet(lanes);
  addReset(lanes);
}

function addList(lanes: Command): void {
  withStack(
    lanes
      .command('list', { isDefault: true })
      .description('lists lanes with their caps and what they are at; what lanes does by itself'),
  ).action((options: StackOptions) =>
    perform(options, async () => (await import('../operator/lanes-list.ts')).listLanes(options)),
  );
}

function addSet(lanes: Command): void {
  withStack(
    lanes
      .command('set')
      .description('changes caps of a lane while the deployment runs')
      .argument('<lane>', 'as nightshift lanes lists it')
      .addOption(
        new Option('--max-concurrency <number>', 'jobs that are worked at at once').argParser(
          wholeNumber(maxConcurrency),
        ),
      )
      .addOption(
        new Option('--capacity <number>', 'jobs that may wait beyond those; 0: any number').argParser(
          wholeNumber(capacity),
        ),
      ),
  ).action((lane: string, options: StackOptions & Partial<Caps>) =>
    perform(options, async () => (await import('../operator/lanes-set.ts')).setLane(lane, options)),
  );
}

function addReset(lanes: Command): void {
  withStack(
    lanes.command('reset').description("puts the deployment's own caps back").argument('<lane>', 'the lane'),
  ).action((lane: string, options: StackOptions) =>
    perform(options, async () => (await import('../operator/lanes-set.ts')).resetLane(lane, options)),
  );
}
