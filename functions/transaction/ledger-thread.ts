/**
 * The ledger package in a thread of its own, started by ledger.ts. Its WebAssembly panics at what it does not expect: as an
 * uncaught exception, which no promise hears of. Here that ends the thread, and not the function.
 */
import { parentPort } from 'node:worker_threads';
import {
  CostModel,
  type PreBinding,
  type PreProof,
  type ProvingProvider,
  parseCheckResult,
  type SignatureEnabled,
  Transaction,
} from '@midnight-ntwrk/ledger';
import type { Answer, Asked, Outcome, Request } from './ledger.ts';

const port = parentPort;
if (!port) throw new Error('this is a thread');

/** A panic, and want of memory. */
const NOT_THE_PACKAGES_OWN = new Set(['RuntimeError', 'RangeError']);

const waiting = new Map<number, (answer: Answer) => void>();
let lastId = 0;

/** Asks the thread that started this one for a check or a proof. */
function ask(request: Request): Promise<Uint8Array> {
  const id = ++lastId;
  const answered = new Promise<Uint8Array>((resolve, reject) => {
    waiting.set(id, ({ result }) => (result ? resolve(result) : reject(new Error('not given'))));
  });
  port?.postMessage({ id, request } satisfies Asked);
  return answered;
}

const provider: ProvingProvider = {
  check: async (preimage, keyLocation) => parseCheckResult(await ask({ operation: 'check', keyLocation, preimage })),
  prove: (preimage, keyLocation, bindingInput) => ask({ operation: 'prove', keyLocation, preimage, bindingInput }),
};

async function prove(unproven: Uint8Array): Promise<Outcome> {
  try {
    const transaction = Transaction.deserialize<SignatureEnabled, PreProof, PreBinding>(
      'signature',
      'pre-proof',
      'pre-binding',
      unproven,
    );
    // The cost model is the one that the reference takes.
    const proven = await transaction.prove(provider, CostModel.initialCostModel());
    return { proven: new Uint8Array(proven.serialize()) };
  } catch (error) {
    if (error instanceof Error && NOT_THE_PACKAGES_OWN.has(error.name)) throw error;
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

port.on('message', (message: { unproven: Uint8Array } | Answer) => {
  if ('unproven' in message) return void prove(message.unproven).then((outcome) => port.postMessage(outcome));
  waiting.get(message.id)?.(message);
  waiting.delete(message.id);
});
