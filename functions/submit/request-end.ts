import type { APIGatewayProxyEvent } from 'aws-lambda';
import { currentTime } from '../../core/clock.ts';
import { API_TIMEOUT_SECONDS } from '../../core/limits.ts';

/** When API Gateway gives the request up, in epoch milliseconds. Its time began before this function's, and longer before
 * if that had to be started. */
export const requestEndsAt = ({ requestContext }: APIGatewayProxyEvent): number =>
  requestContext.requestTimeEpoch + API_TIMEOUT_SECONDS * 1000;

/** Time kept back from API Gateway's, to answer. */
export const ANSWER_MS = 700;

/** When the request has to be answered, in epoch milliseconds. */
export const answerDueAt = (event: APIGatewayProxyEvent): number => requestEndsAt(event) - ANSWER_MS;

/** Aborts when the request has to be answered. */
export const timeUp = (event: APIGatewayProxyEvent): AbortSignal =>
  AbortSignal.timeout(Math.max(answerDueAt(event) - currentTime().getTime(), 0));
