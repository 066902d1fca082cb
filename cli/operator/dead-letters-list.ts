/** `nightshift dead-letters`: how many there are, and what the first of them are about. */
import type { StackOptions } from '../options.ts';
import type { Outcome } from '../perform.ts';
import { tableOf, warn } from '../print.ts';
import { type DeadLetter, readDeadLetters, readDepth } from './dead-letters.ts';
import { isEnabled } from './event-source.ts';
import { findStack } from './stack.ts';

export async function listDeadLetters({ stage }: StackOptions): Promise<Outcome> {
  const { deadLetterQueueUrl, settleEventSource } = await findStack(stage);
  const [{ visible, held }, messages, isSettling] = await Promise.all([
    readDepth(deadLetterQueueUrl),
    readDeadLetters(deadLetterQueueUrl),
    isEnabled(settleEventSource),
  ]);
  const oldestAt = messages.map(({ sentAt }) => sentAt).sort()[0];
  if (!isSettling) warn('settle pauses, and takes none: nightshift dead-letters redrive has it go on in the end.');
  const value = { visible, held, isSettling, oldestAt, messages };
  if (visible + held === 0) return { value, text: 'There are none.' };
  const table = messages.length > 0 ? [tableOf([COLUMNS, ...messages.map(rowOf)])] : [];
  return { value, text: [`${visible} dead letters, and ${held} that settle is at.`, ...table].join('\n') };
}

const COLUMNS = ['MESSAGE', 'SENT', 'ABOUT', 'NOW'];

const rowOf = ({ messageId, sentAt, body, keysId, jobId, job }: DeadLetter): string[] => {
  if (keysId) return [messageId, sentAt, `keys ${keysId}`, ''];
  if (!jobId) return [messageId, sentAt, body, 'no message of this version'];
  const now = job ? `${job.state}, lane ${job.lane}, attempts: ${job.attempts}` : 'there is no such job';
  return [messageId, sentAt, `job ${jobId}`, now];
};
