import { describe, expect, test } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import {
  allResources,
  EVERY_OPTION,
  globalAlarmsTemplateWith,
  templateWith,
  webAclTemplateWith,
} from './synthesize.ts';

/** A version's id ends in a hash of all that it is made of: each is another resource on purpose. */
const unversioned = (id: string) => id.replace(/(?<=CurrentVersion[0-9A-F]{8})[0-9a-f]{32}$/, '');

const idsOf = (template: Template) =>
  Object.entries(allResources(template))
    .map(([id, { Type }]) => `${unversioned(id)}: ${Type}`)
    .sort();

/**
 * CloudFormation knows a resource by its logical id: one that is renamed is made anew and the old
 * one deleted, with all that it holds and under another address. So each change of the snapshots
 * wants a reason; `npm test -- test/lib/logical-ids.test.ts -u` takes it.
 */
describe('the logical ids', () => {
  test('are those that are deployed, by default', () => {
    expect(idsOf(templateWith())).toMatchSnapshot();
  });

  test('are those that are deployed, with every option on', () => {
    expect(idsOf(templateWith(EVERY_OPTION))).toMatchSnapshot();
    expect(idsOf(webAclTemplateWith(EVERY_OPTION))).toMatchSnapshot();
    expect(idsOf(globalAlarmsTemplateWith(EVERY_OPTION))).toMatchSnapshot();
  });

  test('of what both have are the same, so that an option can be turned on later', () => {
    const [before, after] = [idsOf(templateWith()), idsOf(templateWith(EVERY_OPTION))];
    // What the account's log role is made of, and the docs; EVERY_OPTION leaves them out. And what lets
    // a function itself be called: with a release by steps its alias is.
    const left = /^(ApiGatewayLogRole|EdgeDocs)|: AWS::Lambda::(Permission|EventInvokeConfig)$/;
    const lost = before.filter((id) => !after.includes(id) && !left.test(id));
    expect(lost).toEqual([]);
  });

  test('do not depend on the stage', () => {
    expect(idsOf(templateWith({ stage: 'staging' }))).toEqual(idsOf(templateWith()));
  });
});
