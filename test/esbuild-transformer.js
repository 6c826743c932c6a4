import { transformSync } from 'esbuild';

/** Strips types, as Node itself does; nothing else changes. */
export default {
  process(source, path) {
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node22',
      sourcefile: path,
      sourcemap: 'both',
      // Named functions would be wrapped; stack traces stay readable without it.
      keepNames: false,
    });
    return { code, map };
  },
};
