/** What an API key may be used for. */
export const SCOPES = ['prove', 'verify', 'register', 'usage'] as const;
export type Scope = (typeof SCOPES)[number];
