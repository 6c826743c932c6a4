import { transformSync } from 'esbuild';

/** Strips types, as Node itself does, and compiles JSX; nothing else changes. */
export default {
  process(source, path) {
    const { code, map } = transformSync(source, {
      loader: path.endsWith('.tsx') ? 'tsx' : 'ts',
      jsx: 'automatic',
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
