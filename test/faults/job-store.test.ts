import { testAgainstModel } from './job-store-model.ts';

testAgainstModel(400, 300_000);
