/** What to do with a new deployment. @param key the first one, if it was made just now. */
export const ready = (url: string, key?: string): string => `
Nightshift answers on ${url}
${key ? `The first API key, shown once: ${key}` : 'It has tenants already: nightshift tenants and nightshift api-keys make more keys.'}

For midnight-js:

  import { httpClientProofProvider } from '@midnight-ntwrk/midnight-js-http-client-proof-provider';
  const headers = { 'X-API-Key': process.env.NIGHTSHIFT_API_KEY ?? '' };
  const proofProvider = httpClientProofProvider('${url.replace(/\/$/, '')}', zkConfigProvider, { headers });

Does it prove?

  NIGHTSHIFT_API_KEY=… npm run smoke -- ${url}
`;
