import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';

/** How much slower a slow machine is, or another engine, than where a test's time was written down. */
const FACTOR = 4;

const ROOT = resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** Gives each test and hook more time than it asks for. What goes well takes no longer for it. */
export default class PatientEnvironment extends TestEnvironment {
  #lengthened = new WeakSet();

  constructor(config, context) {
    super(config, context);
    // For natively.ts: this file runs outside of the world that jest makes for each suite.
    this.global.requireNatively = (path) => require(resolve(ROOT, path));
  }

  handleTestEvent({ name, test, hook }) {
    if (name === 'test_start') this.#lengthen(test);
    if (name === 'hook_start') this.#lengthen(hook);
  }

  /** Once: a hook is run before each test, and a test may be tried again. */
  #lengthen(testOrHook) {
    if (!testOrHook.timeout || this.#lengthened.has(testOrHook)) return;
    testOrHook.timeout *= FACTOR;
    this.#lengthened.add(testOrHook);
  }
}
