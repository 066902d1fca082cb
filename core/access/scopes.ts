/** What an API key may be used for. */
export const SCOPES = ['prove', 'verify', 'register', 'usage'] as const;
export type Scope = (typeof SCOPES)[number];

/** Of a key whose operator names none, and all that one may have that stands in a page, in everybody's hands. */
export const DEFAULT_SCOPES: readonly Scope[] = ['prove', 'verify'];
