/** Counts how often jobs end, for a proxy before the emulated AWS: each job's row may be ended once. */
import { z } from 'zod';
import { operationOf } from './faulty-aws.ts';
import type { Behaviour } from './faulty-proxy.ts';

/** With a job's end its row on the list of open jobs goes. */
const write = z.object({ Delete: z.object({ Key: z.record(z.string(), z.object({ S: z.string() })) }).optional() });
const transaction = z.object({ ClientRequestToken: z.string(), TransactItems: z.array(write) });

export interface TerminalWrites {
  /** Passes on, and looks at what comes of it. */
  watching: (behaviour: Behaviour) => Behaviour;
  /** How many writes ended each job, by its id: those that were sent again with the same token are one. */
  ofJobs(): Map<string, number>;
}

export function terminalWrites(): TerminalWrites {
  const tokens = new Map<string, Set<string>>();
  const note = (body: Buffer) => {
    const { ClientRequestToken, TransactItems } = transaction.parse(JSON.parse(body.toString()));
    for (const { Delete } of TransactItems) {
      const { PK, SK } = Delete?.Key ?? {};
      if (!PK?.S.startsWith('OPEN#') || !SK) continue;
      tokens.set(SK.S, (tokens.get(SK.S) ?? new Set()).add(ClientRequestToken));
    }
  };
  return {
    watching: (behaviour) => (call, passOn) =>
      behaviour(call, async () => {
        const answer = await passOn();
        if (operationOf(call) === 'TransactWriteItems' && answer.status === 200) note(call.body);
        return answer;
      }),
    ofJobs: () => new Map([...tokens].map(([id, { size }]) => [id, size])),
  };
}
