import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Bound,
  jsonBytes,
  nestedBytes,
  weighingOnce,
  within,
} from '../../../lambdas/chat/size.ts';

describe('what something weighs', () => {
  test.each([
    ['a', 3],
    ['"\\', 6],
    ['\n', 4],
    ['\u0001', 8],
    ['ä', 4],
    ['\u2028', 5],
    ['🙂', 6],
    ['\ud83d', 8],
  ])('as JSON is for %j its bytes of UTF-8, with what JSON escapes', (value, bytes) => {
    expect(jsonBytes(value)).toBe(bytes);
  });

  test('within an answer is what the answer grows by', () => {
    const answer = (list: unknown[]) => jsonBytes({ body: JSON.stringify(list) });
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (texts) => {
        const list = texts.map((content) => ({ content }));
        const grown = list.reduce((bytes, item) => bytes + nestedBytes(item), 0);
        // The first has no comma before it.
        expect(answer(list)).toBe(answer([]) + grown - 1);
      }),
    );
  });
});

describe('of a list', () => {
  const bound = (count: number, bytes: number): Bound<number> => ({
    count,
    bytes,
    bytesOf: (item) => item,
  });

  test.each([
    { count: 9, bytes: 10, fitting: [4, 4] },
    { count: 9, bytes: 12, fitting: [4, 4, 4] },
    { count: 1, bytes: 12, fitting: [4] },
    { count: 9, bytes: 3, fitting: [4] },
    { count: 0, bytes: 0, fitting: [4] },
  ])('fit $fitting in $count and $bytes bytes', ({ count, bytes, fitting }) => {
    expect(within([4, 4, 4], bound(count, bytes))).toEqual(fitting);
  });

  test('nothing fits where there is nothing', () => {
    expect(within([], bound(9, 9))).toEqual([]);
  });

  test('one alone comes along whatever it weighs, and is not measured', () => {
    let measured = 0;
    const bytesOf = () => ++measured && 40;
    expect(within(['long'], { count: 9, bytes: 10, bytesOf })).toEqual(['long']);
    expect(measured).toBe(0);
  });

  test('no more is measured than fits', () => {
    let measured = 0;
    const bytesOf = () => ++measured && 4;
    within(Array(100).fill(0), { count: 100, bytes: 10, bytesOf });
    expect(measured).toBe(3);
  });
});

test('an item of a list is weighed once, however often it is asked whether the list is full', () => {
  const weighed: string[] = [];
  const bytesOf = weighingOnce(({ name }: { name: string }) => {
    weighed.push(name);
    return 10;
  });
  const items = ['a', 'b', 'c'].map((name) => ({ name }));
  const bound = { count: 9, bytes: 25, bytesOf };
  for (const end of [1, 2, 3]) within(items.slice(0, end), bound);
  expect(within(items, bound)).toHaveLength(2);
  expect(weighed).toEqual(['a', 'b', 'c']);
});
