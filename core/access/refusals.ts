/** What is said to callers whose key works, and does not do for a request. `nightshift doctor` knows them by these words. */
import type { Scope } from './scopes.ts';

export const lacksScope = (scope: Scope): string =>
  `This API key has no scope ${scope}. Use one that has, or ask its operator.`;

export const OF_OTHER_ORIGINS = 'This publishable key is for pages of other origins.';
