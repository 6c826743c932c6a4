import { describe, expect, test } from '@jest/globals';
import {
  type AttributeValue,
  fromAttributes,
  toAttributes,
} from '../../../../lambdas/aws/dynamodb/attribute-values.ts';

/** As the differential test holds it to the SDK's; here is what the SDK does otherwise. */
describe('attributes', () => {
  test('may be called whatever objects have already', () => {
    const item = JSON.parse('{"__proto__": "a", "constructor": {"__proto__": ["b"]}}');
    const written = toAttributes(item);
    expect(JSON.stringify(written)).toBe(
      '{"__proto__":{"S":"a"},"constructor":{"M":{"__proto__":{"L":[{"S":"b"}]}}}}',
    );
    expect(JSON.stringify(fromAttributes(written))).toBe(JSON.stringify(item));
  });

  test.each<AttributeValue>([
    { constructor: 'x' },
    { toString: 'x' },
    { S: 1 },
    { S: 'a', N: '1' },
    { N: '' },
    { N: 'one' },
    { NULL: false },
    { SS: 'a' },
    { NS: ['x', 1] },
    { M: [] },
    {},
  ])('are none of the kind of %j', (attribute) => {
    expect(() => fromAttributes({ a: attribute })).toThrow('There is no attribute of the type');
  });

  test.each([[new Set(['a', 1])], [new Set([null])], [Symbol('s')], [new (class Own {})()]])(
    'don’t hold %p',
    (value) => {
      expect(() => toAttributes({ value })).toThrow();
    },
  );
});
