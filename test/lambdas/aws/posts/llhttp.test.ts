import { describe, expect, test } from '@jest/globals';
import { Answer } from '../../../../lambdas/aws/posts/answer.ts';
import { loadParser, READ_BYTES } from '../../../../lambdas/aws/posts/llhttp.ts';

const open = await loadParser();
const OK = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi');

describe('the parser', () => {
  test('gives back the memory of those that were freed', () => {
    const first = open(new Answer());
    const memory = first.memoryBytes();
    for (let n = 0; n < 50_000; n++) open(new Answer()).free();
    expect(first.memoryBytes()).toBe(memory);
    first.free();
  });

  test('reads on when so many are open that their memory has grown', () => {
    const answer = new Answer();
    const parser = open(answer);
    const memory = parser.memoryBytes();
    answer.expect();
    parser.read(OK.subarray(0, 20));
    const others = [];
    while (parser.memoryBytes() === memory) others.push(open(new Answer()));
    expect(parser.read(OK.subarray(20))).toBeUndefined();
    expect(answer.get()).toMatchObject({ status: 200, body: 'hi' });
    for (const each of [...others, parser]) each.free();
  });

  test('keeps two answers apart that come by turns', () => {
    const answers = [new Answer(), new Answer()];
    const parsers = answers.map((answer) => open(answer));
    for (const answer of answers) answer.expect();
    for (const byte of OK) for (const parser of parsers) parser.read(Buffer.of(byte));
    expect(answers.map((answer) => answer.get().body)).toEqual(['hi', 'hi']);
    for (const parser of parsers) parser.free();
  });

  test('takes a read as large as a socket gives', () => {
    const answer = new Answer();
    const parser = open(answer);
    answer.expect();
    const body = 'x'.repeat(READ_BYTES - 60);
    const whole = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    expect(whole.length).toBeLessThanOrEqual(READ_BYTES);
    expect(parser.read(whole)).toBeUndefined();
    expect(answer.get().body).toBe(body);
    parser.free();
  });

  test('says why something is no answer', () => {
    const answer = new Answer();
    const parser = open(answer);
    answer.expect();
    expect(parser.read(Buffer.from('GET / HTTP/1.1\r\n'))).toContain('HTTP/');
    parser.free();
  });
});
