import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { PARTITIONS } from '../lambdas/aws/keys.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The house: what the files of a part may import. Parts are matched from the top, by the
 * beginning of a file's path, in which `*` stands for a folder; `packages` are npm packages (node: modules are free outside
 * protocol, client and web).
 */
const HOUSE: { part: string; imports: string[]; packages: string[]; node?: false }[] = [
  { part: 'protocol/', imports: [], packages: ['zod/mini'], node: false },
  { part: 'lambdas/chat/', imports: ['protocol/'], packages: [] },
  // Within a feature by the file's name, whatever the feature.
  {
    part: 'features/*/kind.ts',
    imports: ['protocol/', 'lambdas/chat/', 'features/*/kind.ts'],
    packages: [],
  },
  {
    part: 'features/*/rules.ts',
    imports: ['protocol/', 'lambdas/chat/', 'features/*/rules.ts', 'features/*/kind.ts'],
    packages: [],
  },
  {
    part: 'features/kinds.ts',
    imports: ['lambdas/chat/overlay.ts', 'features/*/kind.ts'],
    packages: [],
  },
  {
    part: 'lambdas/auth/',
    imports: ['protocol/', 'lambdas/chat/'],
    packages: ['jose', '@zxcvbn-ts/language-common', 'unhomoglyph'],
  },
  {
    part: 'lambdas/aws/',
    imports: ['protocol/', 'features/kinds.ts', 'lambdas/chat/', 'lambdas/auth/'],
    packages: [
      '@aws-lambda-powertools/logger',
      '@aws-lambda-powertools/metrics',
      '@aws-lambda-powertools/tracer',
      '@aws-sdk/client-apigatewaymanagementapi',
      '@aws-sdk/client-dynamodb',
      '@aws-sdk/lib-dynamodb',
      'undici',
    ],
  },
  {
    part: 'lambdas/edge/',
    imports: ['protocol/', 'features/*/rules.ts', 'lambdas/chat/', 'lambdas/auth/'],
    packages: ['@middy/core', 'zod/mini', 'aws-lambda'],
  },
  {
    part: 'lambdas/canary/',
    imports: ['protocol/', 'client/', 'lambdas/chat/', 'lambdas/auth/', 'lambdas/edge/'],
    packages: ['jose'],
  },
  {
    part: 'lambdas/',
    imports: ['lambdas/aws/', 'lambdas/edge/', 'lambdas/canary/'],
    packages: [],
  },
  // What needs Node is in files of its own, which the browser's never import.
  { part: 'client/node.ts', imports: ['client/'], packages: [] },
  { part: 'client/file-store.ts', imports: ['client/'], packages: [] },
  { part: 'client/json-files.ts', imports: ['client/'], packages: [] },
  { part: 'client/process-life.ts', imports: ['client/'], packages: [] },
  { part: 'client/react/', imports: ['client/'], packages: ['react'], node: false },
  { part: 'client/', imports: ['protocol/'], packages: [], node: false },
  {
    part: 'web/',
    imports: ['protocol/', 'client/'],
    packages: ['react', 'react-dom', 'virtua', 'linkify-it', 'emojibase-data'],
    node: false,
  },
  { part: 'local/gateway/', imports: ['protocol/'], packages: ['ws', 'aws-lambda'] },
  {
    part: 'local/',
    imports: [
      'protocol/',
      'lambdas/',
      'lib/build-page.ts',
      'lib/docs/',
      'lib/edge/content-security-policy.ts',
    ],
    packages: ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', 'dynalite'],
  },
  {
    part: 'lib/',
    imports: [
      'protocol/',
      'lambdas/auth/canary-issuer.ts',
      'lambdas/auth/issuer-settings.ts',
      'lambdas/auth/parse-issuers.ts',
      'lambdas/aws/environment.ts',
      'lambdas/aws/keys.ts',
      'lambdas/aws/metric-names.ts',
      'lambdas/aws/table.ts',
      'lambdas/chat/ports/meter.ts',
      'bench/scale/prices.ts',
      'lambdas/auth/edge-key.ts',
      'lambdas/edge/socket/served-by.ts',
      'lambdas/edge/docs/addresses.ts',
    ],
    packages: ['aws-cdk-lib', 'constructs', 'esbuild', 'marked', 'vite'],
  },
];

interface Import {
  file: string;
  target: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.d)\.tsx?$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const specifiers = text.matchAll(
    /^(?:import|export)\b[^;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\(\s*'([^']+)'/gm,
  );
  return [...specifiers].map(([, from, bare, dynamic]) => ({
    file,
    target: toTarget(file, from ?? bare ?? dynamic ?? ''),
  }));
}

const toTarget = (file: string, specifier: string) =>
  specifier.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), specifier)) : specifier;

/** Whether a file of the repository is meant, not a package's. */
const inside = (target: string) => existsSync(join(ROOT, target)) && target.includes('/');

const packageOf = (target: string) => target.split('/', target.startsWith('@') ? 2 : 1).join('/');

const isIn = (file: string, part: string) =>
  new RegExp(`^${part.replaceAll('.', '\\.').replaceAll('*', '[^/]+')}`).test(file);

/** Why an import breaks the house's rule, or undefined when it keeps it. */
function problemOf({ file, target }: Import): string | undefined {
  const room = HOUSE.find(({ part }) => isIn(file, part));
  if (!room) return `${file} belongs to no part`;
  const { part, imports, packages, node } = room;
  if (target.startsWith('node:')) return node === false ? `${file} imports ${target}` : undefined;
  if (inside(target)) {
    const own = isIn(target, part) && !(part === 'lambdas/' && target.split('/').length === 2);
    if (own || imports.some((allowed) => isIn(target, allowed))) return undefined;
    return `${file} imports ${target}`;
  }
  return packages.some((name) => name === target || name === packageOf(target))
    ? undefined
    : `${file} imports ${target}`;
}

const files = ['protocol', 'features', 'lambdas', 'lib', 'client', 'web', 'local'].flatMap(
  sourceFiles,
);

describe('the house', () => {
  test('every import goes down, and only to the packages of its part', () => {
    const imports = files.flatMap(importsOf);
    expect(imports.length).toBeGreaterThan(200);
    expect(imports.map(problemOf).filter(Boolean)).toEqual([]);
  });

  test('an import that goes up is found', () => {
    expect(
      problemOf({ file: 'lambdas/chat/append.ts', target: 'lambdas/aws/keys.ts' }),
    ).toBeDefined();
    expect(problemOf({ file: 'protocol/frames.ts', target: 'zod' })).toBeDefined();
    expect(problemOf({ file: 'lambdas/edge/parse.ts', target: 'lambdas/http.ts' })).toBeDefined();
  });

  test('nobody imports the whole of zod, which is eighteen times as large as zod/mini', () => {
    expect(files.flatMap(importsOf).filter(({ target }) => target === 'zod')).toEqual([]);
  });

  test('one file reads the environment', () => {
    const readers = files.filter((file) =>
      /(?<!['"])process\.env\b/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(readers).toEqual(['lambdas/aws/config.ts']);
  });

  test('one file builds the table’s keys', () => {
    const begins = Object.values(PARTITIONS).map((start) => new RegExp(`['"\`]${start}`));
    const builders = files.filter((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8');
      return begins.some((begin) => begin.test(text));
    });
    expect(builders).toEqual(['lambdas/aws/keys.ts']);
  });

  test('a function’s file only composes', () => {
    const entries = files.filter((file) => /^lambdas\/[^/]+$/.test(file));
    const long = entries.filter(
      (file) => readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length > 15,
    );
    expect(entries.length).toBeGreaterThanOrEqual(6);
    expect(long).toEqual([]);
  });
});
