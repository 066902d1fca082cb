/** The prove function as a process of its own with the prover as its child, as an execution environment is: what happens to it happens to both. */
import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ProvingLaneName } from '../../core/lanes.ts';
import type { Delivery } from './deliver.ts';

export interface Worker extends AsyncDisposable {
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves once it is done with a message, well or not; rejects if it ends before. */
  untilDelivered(): Promise<void>;
}

/** What it says of a message, among whatever else is written there. */
const DELIVERED: string[] = ['deleted', 'left'] satisfies Delivery['became'][];

/** @param environment besides this process's. */
export function startWorker(lane: ProvingLaneName, environment: Record<string, string> = {}): Worker {
  const command = [join(import.meta.dirname, 'worker-process.ts'), lane];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own.
    detached: true,
  });
  const lines = createInterface(child.stdout);
  const exit = once(child, 'exit');
  const signal = (name: NodeJS.Signals) => process.kill(-(child.pid as number), name);
  return {
    signal,
    async untilDelivered() {
      for await (const [line] of on(lines, 'line', { close: ['close'] })) if (DELIVERED.includes(line)) return;
      throw new Error(`The worker of lane ${lane} ended before it was done with a message.`);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) signal('SIGKILL');
      await exit;
    },
  };
}
