export type * from './answers.ts';
export type { ConnectionOptions } from './connection.ts';
export type { CircuitFiles, ContractFiles } from './contracts.ts';
export { NightshiftError, type NightshiftErrorCode } from './error.ts';
export * from './nightshift.ts';
export type * from './options.ts';
export type {
  BatchRequest,
  CheckRequest,
  CircuitReference,
  Claim,
  JobFilter,
  JobRequest,
  ProofRequest,
  TaggedJobOptions,
} from './requests.ts';
