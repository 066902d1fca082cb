/** A page that proves calls of a contract: a button, a progress bar, and what came of it. */
import { Nightshift, NightshiftError } from 'nightshift-client';
import { countPreimage, freshBinding } from '../counter/call.ts';
import zkir from '../counter/zkir/count.zkir';
import { ProgressBar } from './progress-bar.ts';

const CIRCUIT = 'count';

const element = <E extends HTMLElement>(id: string): E => document.getElementById(id) as E;
const countButton = element<HTMLButtonElement>('count');
const cancelButton = element<HTMLButtonElement>('cancel');
const progressBar = new ProgressBar(element<HTMLProgressElement>('progress'));
const say = (text: string) => {
  element('said').textContent = text;
};

// A dApp has these written into its page: everybody may see a publishable key.
const address = new URLSearchParams(location.search);
const url = address.get('server') ?? 'http://127.0.0.1:6300';
const apiKey = address.get('key') ?? undefined;
const nightshift = new Nightshift({ url, apiKey });

// A publishable key registers nothing: its contract was pushed before the page was there.
const contract = address.get('contract') ?? (await push().catch(giveUp));
countButton.addEventListener('click', count);
countButton.disabled = false;
say('Ready.');

/** @returns the contract's id. */
async function push(): Promise<string> {
  say('The contract’s keys are being derived …');
  // Once they are, pushing it again is one short request.
  const { id } = await nightshift.push({ circuits: { [CIRCUIT]: { zkir } } });
  return id;
}

async function count(): Promise<void> {
  const cancelling = new AbortController();
  const cancel = () => cancelling.abort();
  cancelButton.addEventListener('click', cancel);
  setProving(true);
  progressBar.reset();
  say('The call is on its way …');
  try {
    say(await proveCall(cancelling.signal));
  } catch (error) {
    progressBar.reset();
    say(cancelling.signal.aborted ? 'Cancelled.' : reasonOf(error));
  } finally {
    cancelButton.removeEventListener('click', cancel);
    setProving(false);
  }
}

/** @returns what to tell of the proof. */
async function proveCall(signal: AbortSignal): Promise<string> {
  const begun = performance.now();
  const request = { circuit: CIRCUIT, contract, preimage: countPreimage(), bindingInput: freshBinding() };
  const { proof, statement } = await nightshift.prove(request, {
    signal,
    onProgress(job) {
      progressBar.show(job);
      say(`The proof is ${job.state} …`);
    },
  });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  // A dApp hands the proof to its transaction, and the chain verifies it.
  const { valid } = await nightshift.verify({ circuit: CIRCUIT, contract, proof, statement });
  return `Counted: a proof of ${proof.length} bytes in ${seconds} s, which ${valid ? 'verifies' : 'does not verify'}.`;
}

function setProving(isProving: boolean): void {
  countButton.disabled = isProving;
  cancelButton.disabled = !isProving;
}

function reasonOf(error: unknown): string {
  return error instanceof NightshiftError ? `${error.code}: ${error.message}` : String(error);
}

function giveUp(error: unknown): never {
  say(reasonOf(error));
  throw error;
}
