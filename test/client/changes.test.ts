import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allChanged, changed } from '../../client/changes.ts';
import type { Message, MessageChange } from '../../client/types.ts';

const message: Message = {
  ...{ seq: 7, id: 'id', clientId: 'c', sender: 'alice', content: 'old', timestamp: 'then' },
  ...{ replyTo: 3, metadata: { a: 1 } },
};

const edit = (version: number): MessageChange => ({
  ...{ target: 7, version, content: `text ${version}`, editedAt: `at ${version}` },
});
const deletion: MessageChange = { target: 7, deleted: { by: 'root', at: 'now' } };

describe('a message', () => {
  test('has the text of its newest edit, in whatever order they come', () => {
    const edits = fc.shuffledSubarray([8, 9, 10, 11], { minLength: 1 });
    fc.assert(
      fc.property(edits, (versions) => {
        const newest = Math.max(...versions);
        expect(versions.map(edit).reduce(changed, message)).toEqual({
          ...message,
          ...{ content: `text ${newest}`, version: newest, editedAt: `at ${newest}` },
        });
      }),
    );
  });

  test('that a page gave is not taken back by an edit that it has', () => {
    const shown = changed(message, edit(9));
    expect(changed(shown, edit(9))).toBe(shown);
    expect(changed(shown, edit(8))).toBe(shown);
  });

  test('that was deleted says nothing any more, whatever comes', () => {
    const { replyTo: _r, metadata: _m, ...left } = message;
    const gone = { ...left, content: '', deleted: { by: 'root', at: 'now' } };
    for (const changes of [
      [edit(8), deletion],
      [deletion, edit(8)],
      [deletion, deletion],
    ]) {
      expect(changes.reduce(changed, message)).toEqual(gone);
    }
  });

  test('is left alone by what is about another', () => {
    expect(changed(message, { ...deletion, target: 8 })).toBe(message);
    const messages = [message];
    expect(allChanged(messages, { ...deletion, target: 8 })).toBe(messages);
  });
});
