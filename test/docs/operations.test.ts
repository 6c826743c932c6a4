import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { CANARY_MEASURES, COUNTS, MEASURES } from '../../lambdas/chat/ports/meter.ts';
import { LINE_FIELDS } from '../lib/observability/line-fields.ts';
import { widgetsOf } from '../lib/observability/widgets-of.ts';
import { allResources, EVERY_OPTION, templateWith } from '../lib/synthesize.ts';
import { readPage } from './pages.ts';

const PAGE = readPage('docs/operations.md');

const sectionOf = (heading: string) =>
  PAGE.split(new RegExp(`^#+ ${heading}\n`, 'm'))[1]?.split(/^#+ /m)[0] ?? '';

const rowsOf = (section: string) =>
  [...section.matchAll(/^\| (.+?) \|/gm)].flatMap(([, first = '']) => first.split(', ')).slice(1);

/** `part Lambda::Function Audit`, also where names are gone through one by one. */
function partsNamed(): [string, string][] {
  const said = [...PAGE.matchAll(/\bpart (\w+::\w+) (\w+)/g)].map(([, type, name]) => [type, name]);
  const each = [...PAGE.matchAll(/for name in ([\w ]+); do\n(?:(?!done).)*?part (\S+) \$name/gs)];
  const inLoops = each.flatMap(([, names = '', type]) =>
    names.split(' ').map((name) => [type, name]),
  );
  return [...new Set([...said, ...inLoops].map((pair) => pair.join(' ')))].map(
    (pair) => pair.split(' ') as [string, string],
  );
}

describe.each([
  ['by default', {}],
  ['without the edge', { edge: 'false' }],
  ['with every option on', EVERY_OPTION],
])('the page for operations, of a stage deployed %s', (_, settings) => {
  let template: Template;
  beforeAll(() => {
    template = templateWith(settings);
  });

  test('names parts of which the stack has exactly one', () => {
    const parts = partsNamed();
    expect(parts).toContainEqual(['Lambda::Function', 'Http']);
    const resources = Object.entries(allResources(template));
    const found = parts.map(([type, name]) => [
      name,
      resources.filter(([id, { Type }]) => Type === `AWS::${type}` && id.startsWith(name)).length,
    ]);
    expect(found).toEqual(parts.map(([, name]) => [name, 1]));
  });

  test('names outputs that it has', () => {
    const named = new Set([...PAGE.matchAll(/\boutput ([A-Z]\w+)/g)].map(([, name]) => name));
    expect([...named].sort()).toEqual(['ChatUrl', 'TableName']);
    expect(Object.keys(template.findOutputs('*'))).toEqual(expect.arrayContaining([...named]));
  });

  test('names graphs and lines of its dashboard', () => {
    const look = [...PAGE.matchAll(/The dashboard's "[^.;]*|the dashboard's "[^.;]*/g)].join(' ');
    const named = [...look.matchAll(/"([^"]+)"/g)].map(([, name = '']) =>
      name.replaceAll('\n', ' '),
    );
    expect(named.length).toBeGreaterThan(5);
    const shown = JSON.stringify(widgetsOf(template));
    expect(named.filter((name) => !shown.includes(`"${name}`))).toEqual([]);
  });
});

describe('the page for operations', () => {
  test('explains every metric, and no other', () => {
    const counted = Object.keys({ ...COUNTS, ...MEASURES, ...CANARY_MEASURES }).sort();
    expect(rowsOf(sectionOf('The dashboard')).sort()).toEqual(counted);
  });

  test('explains every field of a line', () => {
    const log = sectionOf('The log');
    const unexplained = [...LINE_FIELDS].filter((field) => {
      const [name = '', part] = field.split('.');
      return !log.includes(`\`${field}\``) && !log.includes(part ? `\`.${part}\`` : `\`${name}.`);
    });
    expect(unexplained).toEqual([]);
  });
});
