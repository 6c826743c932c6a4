import { describe, expect, test } from '@jest/globals';
import { type Line, Lines } from '../../web/room/lines.ts';
import { NO_SHAPE, nextShape, type Shape } from '../../web/room/shape.ts';
import { message, pendingMessage } from './samples.ts';

const lines = new Lines('alice');
const range = (from: number, to: number): Line[] =>
  lines.of(
    Array.from({ length: to - from + 1 }, (_, index) => message({ seq: from + index })),
    [],
  );
const shapes = (...each: Line[][]): Shape[] => {
  let shape = NO_SHAPE;
  return each.map((next) => {
    shape = nextShape(shape, next);
    return shape;
  });
};

describe('the shape of a list', () => {
  test('stays while the lines do', () => {
    const [first, again] = shapes(range(5, 9), range(5, 9));
    expect(again).toBe(first);
  });

  test('shifts when lines come, or go, at the start only', () => {
    const [, older, fewer] = shapes(range(5, 9), range(1, 9), range(3, 9));
    expect(older).toMatchObject({ shift: true, generation: 0 });
    expect(fewer).toMatchObject({ shift: true, generation: 0 });
  });

  test('does not shift when lines come at the end', () => {
    const [, , newer] = shapes(range(5, 9), range(1, 9), range(1, 12));
    expect(newer).toMatchObject({ shift: false, generation: 0, length: 12 });
  });

  test('does not shift when one’s own message begins to be on its way', () => {
    const messages = [message({ seq: 1 }), message({ seq: 2 })];
    const [, echo] = shapes(lines.of(messages, []), lines.of(messages, [pendingMessage()]));
    expect(echo).toMatchObject({ shift: false, generation: 0, length: 3 });
  });

  test('is another one when the lines are altogether others', () => {
    const [, there, back] = shapes(range(500, 600), range(1, 100), range(500, 600));
    expect(there).toMatchObject({ shift: false, generation: 1 });
    expect(back).toMatchObject({ shift: false, generation: 2 });
  });

  test('goes on when the first lines come', () => {
    expect(shapes([], range(1, 3)).map(({ generation }) => generation)).toEqual([0, 0]);
  });
});
