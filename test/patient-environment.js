import { TestEnvironment } from 'jest-environment-node';

/** How much slower a slow machine is, or another engine, than where a test's time was written down. */
const FACTOR = 4;

/** Gives each test and hook more time than it asks for. What goes well takes no longer for it. */
export default class PatientEnvironment extends TestEnvironment {
  handleTestEvent({ name, test, hook }) {
    if (name === 'test_start' && test.timeout) test.timeout *= FACTOR;
    if (name === 'hook_start' && hook.timeout) hook.timeout *= FACTOR;
  }
}
