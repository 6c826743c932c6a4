/** Has a package's file loaded as Node does, once in a worker: see natively.ts. */
export default {
  process: (_, path) => ({ code: `module.exports = requireNatively(${JSON.stringify(path)});` }),
};
