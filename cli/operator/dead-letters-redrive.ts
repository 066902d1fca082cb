/** `nightshift dead-letters redrive`: has dead letters delivered again. */
import type { StackOptions } from '../options.ts';
import type { Outcome } from '../perform.ts';
import { step } from '../progress.ts';
import { moveBack, readDepth, untilNoneHeld } from './dead-letters.ts';
import { setEnabled } from './event-source.ts';
import { findStack, type Stack } from './stack.ts';

export async function redriveDeadLetters(options: StackOptions, signal: AbortSignal): Promise<Outcome> {
  const stack = await findStack(options.stage);
  const { visible, held } = await readDepth(stack.deadLetterQueueUrl);
  if (visible + held === 0) {
    await setEnabled(stack.settleEventSource, true);
    return { value: { moved: 0 }, text: 'There are none.' };
  }
  const moved = await withoutSettle(stack, () => redrive(stack, signal));
  return { value: { moved }, text: `Back in their lanes: ${moved}.` };
}

/**
 * What settle can't handle it holds most of the time, and SQS does not move what somebody holds. Ctrl-C has it go on, too;
 * after a SIGKILL the same command does.
 */
async function withoutSettle<T>({ settleEventSource }: Stack, work: () => Promise<T>): Promise<T> {
  try {
    await step('Have settle pause', () => setEnabled(settleEventSource, false));
    return await work();
  } finally {
    await step('Have settle go on', () => setEnabled(settleEventSource, true));
  }
}

async function redrive({ deadLetterQueueUrl }: Stack, signal: AbortSignal): Promise<number> {
  await step('Wait until settle holds none', (note) =>
    untilNoneHeld(deadLetterQueueUrl, signal, (held) => note(`${held} left`)),
  );
  return step('Put them back', (note) => moveBack(deadLetterQueueUrl, signal, (moved) => note(`${moved} so far`)));
}
