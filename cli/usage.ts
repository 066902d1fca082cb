/**
 * @param url of the deployment
 * @param prefix path of the contract there
 * @returns what to paste: the contract's URL, and how midnight-js uses it.
 */
export const howToUse = (url: string, prefix: string): string => `${url}${prefix}

import { Nightshift } from 'nightshift-client';
import { nightshiftProofProvider } from 'nightshift-client/midnight-js';
const nightshift = new Nightshift({ url: '${url}', apiKey: process.env.NIGHTSHIFT_API_KEY });
const proofProvider = nightshiftProofProvider(nightshift, zkConfigProvider);

Or, without another package:

import { httpClientProofProvider } from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
const noKeys = { get: () => Promise.reject(new Error('The server has the keys.')) } as never;
const headers = { 'X-API-Key': process.env.NIGHTSHIFT_API_KEY ?? '' };
const proofProvider = httpClientProofProvider('${url}${prefix}', noKeys, { headers });
`;
