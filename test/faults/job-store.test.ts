import { test } from 'vitest';
import { holdAgainstModel } from './job-store-model.ts';

const SEQUENCES = 400;
const PATIENCE_MS = 300_000;

test(
  `job store: ${SEQUENCES} sequences of whatever may happen come out as the model says`,
  () => holdAgainstModel(SEQUENCES),
  PATIENCE_MS,
);
