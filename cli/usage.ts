/**
 * @param url of a contract
 * @returns what to paste: the URL, and how midnight-js uses it.
 */
export const howToUse = (url: string): string => `${url}

import { httpClientProofProvider } from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
const noKeys = { get: () => Promise.reject(new Error('The server has the keys.')) } as never;
const proofProvider = httpClientProofProvider('${url}', noKeys);
`;
