/**
 * What an operator does first, since nobody has proofs made without a key.
 *
 * @param nightshift how the command line is called
 * @returns lines of commands, indented
 */
export const makingTheFirstKey = (nightshift: string): string => `  ${nightshift} tenants create my-tenant
  ${nightshift} api-keys create my-tenant`;
