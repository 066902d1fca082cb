import type { APIGatewayProxyEvent } from 'aws-lambda';
import { contractId } from '../../core/contracts/names.ts';
import { parse } from '../../core/http/event.ts';

/** The contract that the request's path names, if it names one. @throws NightshiftError INVALID_REQUEST */
export const contractOf = ({ pathParameters }: APIGatewayProxyEvent): string | undefined =>
  parse(contractId.optional(), pathParameters?.id);
