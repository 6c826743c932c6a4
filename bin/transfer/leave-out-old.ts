import type { Located } from './records.ts';

/** Records without the events from before a time, in whose place stands that they have expired. */
export async function* leaveOutOld(
  records: AsyncIterable<Located>,
  before: number,
): AsyncGenerator<Located> {
  let gone: { room: string; from: number; to: number; place: string } | undefined;
  function* expired(): Generator<Located> {
    if (!gone) return;
    const { place, ...range } = gone;
    gone = undefined;
    yield { record: { record: 'expired', ...range }, place };
  }

  for await (const located of records) {
    const { record, place } = located;
    if (record.record !== 'event' || record.at >= before) {
      yield* expired();
      yield located;
    } else if (gone?.room === record.room && gone.to + 1 === record.seq) {
      gone.to = record.seq;
    } else {
      yield* expired();
      gone = { room: record.room, from: record.seq, to: record.seq, place };
    }
  }
  yield* expired();
}
