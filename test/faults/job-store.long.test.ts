import { testAgainstModel } from './job-store-model.ts';

testAgainstModel(5000, 3_600_000);
