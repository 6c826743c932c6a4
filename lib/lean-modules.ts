import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/**
 * What packages bring that no function of ours can reach, by paths in node_modules. Every 30 KB
 * take a millisecond to load, and a bundler can't know these paths to be closed.
 */
const UNREACHABLE = [
  // undici's HTTP/2, which undici-poster.ts turns off, and its parser for processors without SIMD.
  /^undici\/lib\/dispatcher\/client-h2\.js$/,
  /^undici\/lib\/llhttp\/llhttp-wasm\.js$/,
  // undici's bodies other than text: forms and streams of fetch.
  /^undici\/lib\/web\//,
  // The SDK's streams of events, which no operation of DynamoDB has, and its cache of endpoints
  // that were discovered, which DynamoDB has no need to.
  /^@smithy\/core\/dist-es\/submodules\/event-streams\/index\.js$/,
  /^mnemonist\/lru-cache\.js$/,
  // A hash in JavaScript, for where there is no node:crypto.
  /^@smithy\/core\/dist-es\/submodules\/checksum\/sha256\/Sha256Js\.js$/,
];

/** Replaces what is unreachable by what can be made, but not called. */
export const withoutUnreachable: Plugin = {
  name: 'without-unreachable',
  setup(build) {
    build.onLoad({ filter: /\/node_modules\/(undici|mnemonist|@smithy\/core)\// }, ({ path }) => {
      const file = path.split('/node_modules/').at(-1) ?? '';
      if (!UNREACHABLE.some((pattern) => pattern.test(file))) return undefined;
      const message = `${file} is not in this bundle (lib/lean-modules.ts).`;
      return {
        contents: `module.exports = function () {
          if (!new.target) throw new Error(${JSON.stringify(message)});
        };`,
        loader: 'js',
      };
    });
  },
};

/**
 * Lambda gives a function its role's credentials in environment variables. The SDK's default is a
 * chain of eight other sources, with the clients of three services in it.
 */
export const credentialsFromEnvironment: Plugin = {
  name: 'credentials-from-environment',
  setup(build) {
    const chain = /^@aws-sdk\/credential-provider-node$/;
    build.onResolve({ filter: chain }, ({ path, importer }) => ({
      path,
      namespace: 'lambda-credentials',
      pluginData: dirname(importer),
    }));
    build.onLoad({ filter: chain, namespace: 'lambda-credentials' }, ({ pluginData }) => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
      resolveDir: pluginData,
      loader: 'js',
    }));
  },
};

/**
 * The SDK's commands bring its whole client along. Ours are sent by a transport of our own, which
 * wants their inputs only; see commands.ts.
 */
export const leanCommands: Plugin = {
  name: 'lean-commands',
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/lib-dynamodb$/ }, () => ({
      path: fileURLToPath(new URL('../lambdas/aws/dynamodb/commands.ts', import.meta.url)),
    }));
  },
};

/**
 * Our own files that are a file of their own when they are imported dynamically, with copies of what they
 * import: the SDK's client, and CommonJS.
 */
const APART = /^\.\/sdk-client\.ts$|\.cjs$/;

/**
 * A package that our sources import dynamically is a file of its own beside the function, read
 * when it is first asked for.
 *
 * @returns the plugin, and the packages and sources that it has met: the name of the file for each
 */
export function lazyFiles(): { plugin: Plugin; met: Map<string, string> } {
  const met = new Map<string, string>();
  const plugin: Plugin = {
    name: 'lazy-files',
    setup(build) {
      build.onResolve({ filter: /^[@\w.]/ }, ({ path, kind, importer, resolveDir }) => {
        const ours = kind === 'dynamic-import' && !importer.includes('/node_modules/');
        const source = path.startsWith('.');
        if (!ours || path.startsWith('node:') || (source && !APART.test(path))) return undefined;
        const name = source ? basename(path, '.ts') : path;
        const file = `${name.replaceAll(/\W+/g, '-').replace(/^-/, '')}.js`;
        met.set(source ? join(resolveDir, path) : path, file);
        return { path: `./${file}`, external: true };
      });
    },
  };
  return { plugin, met };
}
