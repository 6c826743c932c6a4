import { TestEnvironment } from 'jest-environment-node';

/** How much longer than Chromium the other engines take, where much else is going on. */
const FACTOR = 3;

/** Gives each test more time than it asks for: tests say what they need in Chromium. */
export default class PatientEnvironment extends TestEnvironment {
  handleTestEvent({ name, test }) {
    if (name === 'test_start' && test.timeout) test.timeout *= FACTOR;
  }
}
