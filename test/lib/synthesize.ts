import { natively } from '../natively.ts';

/**
 * synthesis.ts, loaded once in each of jest's workers: CDK takes two seconds to load, and its first
 * synthesis two more, while a later one takes a third. Templates are kept there too, for all suites.
 */
const synthesis = natively<typeof import('./synthesis.ts')>('test/lib/synthesis.ts');

export const {
  EVERY_OPTION,
  allResources,
  globalAlarmsTemplateWith,
  policiesOf,
  resources,
  templateWith,
  webAclTemplateWith,
  withStack,
} = synthesis;
export type { Resource, Statement } from './synthesis.ts';
