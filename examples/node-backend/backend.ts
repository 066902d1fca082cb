/**
 * A backend that has proofs made for its users. It knows who they are and has the key to the prover; they bring what is to
 * be proved. It keeps nothing: whose a proof is stands in the labels of its job.
 *
 *     POST /proofs         a proof preimage → 202 {"id", "state", "expectedMs"}
 *     GET  /proofs         the user's proofs: [{"id", "state"}]
 *     GET  /proofs/{id}    the proof, once it is made
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Nightshift, NightshiftError } from 'nightshift-client';

export interface BackendOptions {
  nightshift: Nightshift;
  /** What the preimages are for. */
  circuit: string;
  contract: string;
  /** Whose token it is; undefined if it is nobody's. */
  userOf: (token: string) => string | undefined;
}

/** A proof that is not wanted any more after this long is not worth its price. */
const DEADLINE_SECONDS = 120;
const MAX_PREIMAGE_BYTES = 1_000_000;

type Answer = [status: number, body: object | Uint8Array];

export const createBackend = (options: BackendOptions): Server =>
  createServer(async (request, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const [status, body] = await answerTo(request, gone.signal, options).catch(failure);
    const [type, content] =
      body instanceof Uint8Array ? ['application/octet-stream', body] : ['application/json', JSON.stringify(body)];
    response.writeHead(status, { 'content-type': type }).end(content);
  });

async function answerTo(request: IncomingMessage, gone: AbortSignal, options: BackendOptions): Promise<Answer> {
  const { method, url = '', headers } = request;
  const user = options.userOf(headers.authorization?.replace(/^Bearer /, '') ?? '');
  if (user === undefined)
    return [401, { code: 'UNAUTHENTICATED', message: 'Send your token: Authorization: Bearer …' }];
  const id = url.match(/^\/proofs\/([\w-]+)$/)?.[1];
  if (method === 'GET' && id) return proof(user, id, gone, options);
  if (method === 'GET' && url === '/proofs') return proofsOf(user, options);
  if (method === 'POST' && url === '/proofs') return submit(user, request, options);
  return [404, { code: 'NOT_FOUND', message: 'There are POST /proofs, GET /proofs and GET /proofs/{id}.' }];
}

async function submit(user: string, request: IncomingMessage, options: BackendOptions): Promise<Answer> {
  const { nightshift, circuit, contract } = options;
  const { 'content-length': bytes, 'idempotency-key': key } = request.headers;
  if (!(Number(bytes) <= MAX_PREIMAGE_BYTES)) {
    return [413, { code: 'PAYLOAD_TOO_LARGE', message: `Send up to ${MAX_PREIMAGE_BYTES} bytes, and say how many.` }];
  }
  const preimage = await buffer(request);
  const { id, state, estimate } = await nightshift.submit(
    { circuit, contract, preimage, deadlineSeconds: DEADLINE_SECONDS, labels: { user } },
    // A user whose answer was lost asks again, and gets the same proof. For 24 hours that holds of failures, too: whoever
    // wants another try after one sends another key.
    key ? { idempotencyKey: keyOf(user, `${key}`) } : {},
  );
  return [202, { id, state, expectedMs: estimate && estimate.queuedMs + estimate.keysMs + estimate.proveMs }];
}

/** Another user's key is another key, whatever the names are. */
const keyOf = (user: string, key: string): string =>
  createHash('sha256')
    .update(JSON.stringify([user, key]))
    .digest('hex');

async function proofsOf(user: string, { nightshift }: BackendOptions): Promise<Answer> {
  const proofs: object[] = [];
  for await (const { id, state } of nightshift.jobs({ labels: { user } })) proofs.push({ id, state });
  return [200, proofs];
}

/** Waits until it is made, for as long as the user does. */
async function proof(user: string, id: string, signal: AbortSignal, { nightshift }: BackendOptions): Promise<Answer> {
  const job = await nightshift.job(id, { signal });
  if (job.labels?.user !== user) return [404, { code: 'JOB_NOT_FOUND', message: `There is no proof ${id}.` }];
  await nightshift.wait(job, { signal });
  return [200, await nightshift.result(job, { signal })];
}

/** How the prover, or a gateway before it, answers whoever has the wrong key. */
const NOT_LET_IN = [401, 403];

function failure(error: unknown): Answer {
  if (error instanceof NightshiftError) {
    const { code, message, status } = error;
    // What the prover refuses is told as it is: its messages hold no secrets.
    if (status !== undefined && code !== 'UNEXPECTED_ANSWER' && !NOT_LET_IN.includes(status)) {
      return [status, { code, message }];
    }
    // That it lets the backend not in, or is not there, is no fault of the user's.
    console.error(error);
    return [502, { code: 'PROVER_UNAVAILABLE', message: 'Proofs can not be made just now. Try again later.' }];
  }
  // Nobody is there to read it if the user has gone.
  if ((error as Error).name !== 'AbortError') console.error(error);
  return [500, { code: 'INTERNAL', message: 'Something went wrong.' }];
}
