import { describe, expect, test } from '@jest/globals';
import { stackOf } from '../../../bin/rotate/settings.ts';

const cdkJson = (context: object) => JSON.stringify({ app: 'x', context });

describe('the stack that is rotated', () => {
  test('is the one that a deployment with the same settings changes', () => {
    expect(stackOf([], cdkJson({}))).toBe('Parlor');
    expect(stackOf(['waf=true', 'stage=staging'], cdkJson({ stage: 'other' }))).toBe(
      'Parlor-staging',
    );
    expect(stackOf([], cdkJson({ stage: 'other' }))).toBe('Parlor-other');
  });

  test.each([
    ['the command', ['edgeKeyVersion=0b1c2d3e'], {}],
    ['cdk.json', [], { edgeKeyVersion: '0b1c2d3e' }],
  ])('is none where %s says which key is shown', (_, settings, context) => {
    expect(() => stackOf(settings, cdkJson(context))).toThrow('Take it out of cdk.json');
  });
});
