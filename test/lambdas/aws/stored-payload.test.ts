import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromStoredPayload, toStoredPayload } from '../../../lambdas/aws/stored-payload.ts';

test("a message's content stands where every version looks for it", () => {
  expect(toStoredPayload({ content: 'hello' })).toEqual({ content: 'hello' });
});

test('a payload comes back as it was, whatever JSON it is', () => {
  const json = fc.dictionary(
    fc.string().filter((name) => name !== '__proto__'),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.option(fc.string()), json, (content, { content: _, ...rest }) => {
      const payload = JSON.parse(JSON.stringify({ ...rest, ...(content !== null && { content }) }));
      expect(fromStoredPayload(toStoredPayload(payload))).toEqual(payload);
    }),
  );
});

test('a content that is no text is no payload', () => {
  expect(() => toStoredPayload({ content: 1 })).toThrow(TypeError);
});
