import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FrameGuard } from '../../../local/gateway/frame-guard.ts';

const LIMITS = { frameBytes: 300, messageBytes: 1_000 };
const CONTINUATION = 0;
const TEXT = 1;
const PING = 9;

interface Frame {
  opcode: number;
  fin: boolean;
  masked: boolean;
  payload: number;
  /** How the length is written: the shortest way, or a longer one. */
  width: 0 | 2 | 8;
}

function encode({ opcode, fin, masked, payload, width }: Frame): Buffer {
  const wide = payload > 0xffff ? 8 : payload > 125 ? Math.max(width, 2) : width;
  const length = Buffer.alloc(wide);
  if (wide === 2) length.writeUInt16BE(payload);
  if (wide === 8) length.writeBigUInt64BE(BigInt(payload));
  const short = wide === 8 ? 127 : wide === 2 ? 126 : payload;
  return Buffer.concat([
    Buffer.of((fin ? 0x80 : 0) | opcode, (masked ? 0x80 : 0) | short),
    length,
    // Bytes that would do harm if they were read as a header.
    Buffer.alloc((masked ? 4 : 0) + payload, 0xff),
  ]);
}

/** Feeds bytes in chunks that end at `cuts`; how many bytes went on, over all. */
function admitted(guard: FrameGuard, bytes: Buffer, cuts: readonly number[]): number {
  const ends = [...new Set([...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])];
  ends.sort((a, b) => a - b);
  let from = 0;
  let total = 0;
  for (const end of ends) {
    total += guard.admit(bytes.subarray(from, end));
    from = end;
  }
  return total;
}

/** How many bytes stand before the first frame that breaks a limit: frame by frame, in the open. */
function expected(frames: readonly Frame[]): { bytes: number; header: number } {
  let message = 0;
  let bytes = 0;
  for (const frame of frames) {
    const encoded = encode(frame);
    let total = 0;
    if (frame.opcode < 8) {
      total = frame.payload + (frame.opcode === CONTINUATION ? message : 0);
      message = frame.fin ? 0 : total;
    }
    if (frame.payload > LIMITS.frameBytes || total > LIMITS.messageBytes) {
      return { bytes, header: encoded.length - frame.payload };
    }
    bytes += encoded.length;
  }
  return { bytes, header: 0 };
}

const frame = fc.record<Frame>({
  opcode: fc.constantFrom(CONTINUATION, CONTINUATION, TEXT, PING),
  fin: fc.boolean(),
  masked: fc.boolean(),
  payload: fc.oneof(fc.integer({ min: 0, max: 130 }), fc.integer({ min: 290, max: 305 })),
  width: fc.constantFrom(0, 2, 8),
});

describe('the frame guard', () => {
  test('lets frames within the limits through, however they are cut into chunks', () => {
    const fine = fc
      .array(frame)
      .map((frames) => frames.filter((_, at) => expected(frames.slice(0, at + 1)).header === 0));
    fc.assert(
      fc.property(fine, fc.array(fc.nat()), (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(encode));
        expect(admitted(new FrameGuard(LIMITS), bytes, cuts)).toBe(bytes.length);
      }),
    );
  });

  test('stops before the payload of the first frame that breaks a limit, whatever the chunks', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1 }), fc.array(fc.nat()), (frames, cuts) => {
        const { bytes, header } = expected(frames);
        const guard = new FrameGuard(LIMITS);
        const passed = admitted(guard, Buffer.concat(frames.map(encode)), cuts);
        // Of the header, what came in earlier chunks has gone on; its last byte never does.
        expect(passed).toBeGreaterThanOrEqual(bytes);
        expect(passed).toBeLessThan(bytes + Math.max(header, 1));
        if (header > 0) expect(guard.admit(Buffer.from([0x81, 0]))).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });

  test('in one chunk it stops at the very start of the offending frame', () => {
    const fine = encode({ opcode: TEXT, fin: true, masked: true, payload: 300, width: 0 });
    const large = encode({ opcode: TEXT, fin: true, masked: true, payload: 301, width: 0 });
    const guard = new FrameGuard(LIMITS);
    expect(guard.admit(Buffer.concat([fine, large]))).toBe(fine.length);
  });

  test('a control frame between the frames of a message does not count and does not reset', () => {
    const part = { fin: false, masked: true, payload: 300, width: 0 } as const;
    const ping = encode({ opcode: PING, fin: true, masked: true, payload: 100, width: 0 });
    const parts = [TEXT, CONTINUATION, CONTINUATION].map((opcode) => encode({ ...part, opcode }));
    const bytes = Buffer.concat(parts.flatMap((encoded) => [encoded, ping]));
    const guard = new FrameGuard(LIMITS);
    expect(guard.admit(bytes)).toBe(bytes.length);
    const last = { opcode: CONTINUATION, fin: true, masked: true, width: 0 } as const;
    expect(guard.admit(encode({ ...last, payload: 101 }))).toBe(0);
  });

  test('a length of 2^63 is too long, not negative', () => {
    const header = Buffer.from('81ff800000000000000000000000', 'hex');
    expect(new FrameGuard(LIMITS).admit(header)).toBe(0);
  });
});
