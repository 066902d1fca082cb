/** Registering contracts: what the Compact compiler wrote goes up once, and then their circuits are known by their names. */
import {
  type CircuitForm,
  type ContractForm,
  type ContractView,
  contractView,
  type Uploaded,
} from '../core/api/contracts.ts';
import { type UploadForm, uploadView } from '../core/api/uploads.ts';
import type { ParameterSet } from '../core/circuits/parameter-set.ts';
import { MAX_BODY_BYTES, PRESIGNED_URL_SECONDS } from '../core/limits.ts';
import { delay } from './abort.ts';
import { base64Of } from './base64.ts';
import type { Connection } from './connection.ts';
import { NightshiftError } from './error.ts';
import { send } from './http.ts';

export interface ContractFiles {
  /** By the names of the circuits. */
  circuits: Record<string, CircuitFiles>;
  /** Midnight's if not given. */
  parameters?: ParameterSet;
}

export interface CircuitFiles {
  /** In its binary form, or as JSON text. */
  zkir: Uint8Array | string;
  /** Is held against the derived one. With development parameters there is none. */
  verifierKey?: Uint8Array;
}

const FIRST_LOOK_MS = 200;
const SELDOM_LOOK_MS = 5_000;
const LOOK_FACTOR = 1.5;

export async function register(
  connection: Connection,
  { circuits, parameters }: ContractFiles,
  signal?: AbortSignal,
): Promise<ContractView> {
  const files = new Map<string, Uint8Array>();
  const forms: Record<string, CircuitForm> = {};
  for (const [name, { zkir, verifierKey }] of Object.entries(circuits)) {
    const bytes = typeof zkir === 'string' ? new TextEncoder().encode(zkir) : zkir;
    files.set(name, bytes);
    forms[name] = { zkir: base64Of(bytes), ...(verifierKey && { verifierKey: base64Of(verifierKey) }) };
  }
  const json = { circuits: forms, parameters };
  for (const name of circuitsToUpload(json)) {
    (forms[name] as CircuitForm).zkir = await uploadBytes(connection, files.get(name) as Uint8Array, signal);
  }
  return connection.ask(contractView, '/v1/contracts', { json, signal });
}

const UPLOADED_CHARACTERS = JSON.stringify({ upload: '0'.repeat(64) } satisfies Uploaded).length;

/**
 * Of the ZKIR the largest files are uploaded by themselves, so that what is left fits into one request.
 *
 * @param form with all of it in base64
 * @returns the names of their circuits, largest first.
 */
export function circuitsToUpload(form: ContractForm): string[] {
  const sizes = Object.entries(form.circuits)
    .map(([name, { zkir }]) => ({ name, characters: JSON.stringify(zkir).length }))
    .toSorted((a, b) => b.characters - a.characters);
  const names: string[] = [];
  let characters = JSON.stringify(form).length;
  for (const circuit of sizes) {
    if (characters <= MAX_BODY_BYTES) break;
    names.push(circuit.name);
    characters -= circuit.characters - UPLOADED_CHARACTERS;
  }
  return names;
}

async function uploadBytes(connection: Connection, file: Uint8Array, signal?: AbortSignal): Promise<Uploaded> {
  const body = new Uint8Array(file);
  const digest = await crypto.subtle.digest('SHA-256', body);
  const sha256 = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return upload(connection, { body, sha256, bytes: body.length }, signal);
}

/** A file and what is to be known of it before it goes up. */
export interface Upload extends UploadForm {
  body: Uint8Array<ArrayBuffer> | Blob;
}

/** Puts a file where a registration finds it by its hash. */
export async function upload(
  connection: Connection,
  { body, ...json }: Upload,
  signal?: AbortSignal,
): Promise<Uploaded> {
  const { url, method, headers } = await connection.ask(uploadView, '/v1/uploads', { json, signal });
  await send(url, {
    method,
    headers: new Headers(headers),
    body,
    timeoutMs: PRESIGNED_URL_SECONDS * 1000,
    signal,
    fetch: connection.fetch,
  });
  return { upload: json.sha256 };
}

/** The contract as it gets on, from what is known of it to when none of its circuits is building any more. */
export async function* contractProgress(
  connection: Connection,
  contract: ContractView,
  signal?: AbortSignal,
): AsyncGenerator<ContractView, void, void> {
  let pause = FIRST_LOOK_MS;
  for (
    let latest = contract;
    ;
    latest = await connection.ask(contractView, contract.links.self, { signal, patient: true })
  ) {
    yield latest;
    if (latest.state !== 'building') return;
    await delay(pause, signal);
    pause = Math.min(pause * LOOK_FACTOR, SELDOM_LOOK_MS);
  }
}

/** @throws NightshiftError with the code of the first circuit that failed; the message names it. */
export function expectReady({ circuits }: ContractView): void {
  for (const [name, { error }] of Object.entries(circuits)) {
    if (error) throw new NightshiftError(error.code, `${name}: ${error.message}`);
  }
}
