/** What is to be proved or checked: a tagged body of the proof server's endpoints, or a tagged preimage by itself. */
import type { CheckRequest } from '../client/index.ts';
import { kindOf, type TaggedKind } from '../core/jobs/tagged-body.ts';
import { CliError, EXIT, wrongUse } from './error.ts';
import { nameOf, readNamed } from './files.ts';

/** What is said beside the file. */
export interface RequestOptions {
  circuit?: string;
  contract?: string;
  bindingInput?: string;
}

export type RequestFile =
  | { kind: 'preimage'; form: CheckRequest }
  | { kind: Exclude<TaggedKind, 'preimage'>; body: Uint8Array; contract?: string };

/** @throws CliError FILE_NOT_READABLE; NOT_A_REQUEST; WRONG_USE if the options do not go with it. */
export async function readRequest(path: string, options: RequestOptions, signal: AbortSignal): Promise<RequestFile> {
  const { circuit, contract, bindingInput } = options;
  const content = await readNamed(path, signal);
  const kind = kindOf(content);
  if (kind === undefined) {
    const known = 'a tagged proof preimage (midnight:proof-preimage…) nor a body of /prove, /check or /prove-tx';
    throw new CliError('NOT_A_REQUEST', EXIT.wrongUse, `${nameOf(path)} holds neither ${known}.`);
  }
  if (kind === 'preimage') {
    if (circuit !== undefined) return { kind, form: { circuit, contract, preimage: content, bindingInput } };
    throw wrongUse('It is a preimage by itself: say with --circuit (and --contract) which circuit it is for.');
  }
  if (circuit === undefined && bindingInput === undefined) return { kind, body: content, contract };
  throw wrongUse('--circuit and --binding-input go with a preimage by itself: this body brings its own.');
}
