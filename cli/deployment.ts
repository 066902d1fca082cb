/** The deployment that a command talks to. */
import { Connection } from '../client/connection.ts';
import { Nightshift } from '../client/index.ts';

export interface Deployment {
  /** Where it answers; without a slash at its end. */
  url: string;
  apiKey?: string;
}

export const clientOf = ({ url, apiKey }: Deployment): Nightshift => new Nightshift({ url, apiKey });

/** For what the client has no method for. */
export const connectionTo = ({ url, apiKey }: Deployment): Connection => new Connection({ url, apiKey });
