import { expect, test } from '@jest/globals';
import { frameTimestamp, restTimestamp } from '../../protocol/timestamp.ts';

const AT = Date.UTC(2026, 10, 22, 10, 54, 1, 947);

test('an instant has microseconds and an offset in frames', () => {
  expect(frameTimestamp(AT)).toBe('2026-11-22T10:54:01.947000+00:00');
  expect(frameTimestamp(0)).toBe('1970-01-01T00:00:00.000000+00:00');
});

test('an instant has microseconds and a Z over REST', () => {
  expect(restTimestamp(AT)).toBe('2026-11-22T10:54:01.947000Z');
  expect(restTimestamp(0)).toBe('1970-01-01T00:00:00.000000Z');
});

test('both read back as the same instant', () => {
  expect(Date.parse(frameTimestamp(AT))).toBe(AT);
  expect(Date.parse(restTimestamp(AT))).toBe(AT);
});
