/** Starts the backend for the contract of the examples. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { Nightshift } from 'nightshift-client';
import { createBackend } from './backend.ts';

const { NIGHTSHIFT_URL = 'http://127.0.0.1:6300', NIGHTSHIFT_API_KEY, PORT = '8081' } = process.env;

/** Your own sign-in takes its place. */
const USERS = new Map([
  ['token-of-alice', 'alice'],
  ['token-of-bob', 'bob'],
]);

const circuit = 'count';
const nightshift = new Nightshift({ url: NIGHTSHIFT_URL, apiKey: NIGHTSHIFT_API_KEY });
const zkir = await readFile(new URL('../counter/zkir/count.zkir', import.meta.url));
const { id: contract } = await nightshift.push({ circuits: { [circuit]: { zkir } } });

const server = createBackend({ nightshift, circuit, contract, userOf: (token) => USERS.get(token) });
await once(server.listen(Number(PORT), '127.0.0.1'), 'listening');
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
