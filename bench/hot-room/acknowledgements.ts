import type { AckFrame } from '../../protocol/frames.ts';

/**
 * What was acknowledged. A message may be so more than once, where it was answered by the writer and
 * by whoever took its draft: it counts once.
 */
export function acknowledgements() {
  const seqs = new Map<string, number>();
  let newest = 0;
  return {
    /** @throws Error when a message was stored twice */
    note({ clientId, seq }: Pick<AckFrame, 'clientId' | 'seq'>): void {
      const known = seqs.get(clientId) ?? seq;
      if (known !== seq) throw new Error(`A message was stored at ${known} and at ${seq}.`);
      seqs.set(clientId, seq);
      newest = Math.max(newest, seq);
    },
    messages: () => seqs.size,
    newest: () => newest,
  };
}
