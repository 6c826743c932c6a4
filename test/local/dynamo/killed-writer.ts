import { keep } from '../../../local/dynamo/item.ts';
import { sqliteStorage } from '../../../local/dynamo/sqlite-storage.ts';

/**
 * Writes pairs of items, each pair in one turn, and says how many items there are once a pair is
 * committed; or that it failed. It goes on until it is killed.
 */
const [, , file = ''] = process.argv;
const storage = sqliteStorage(file);
for (let seq = 1; ; seq += 2) {
  try {
    for (const each of [seq, seq + 1]) {
      const key = { pk: 'log', sk: String(each).padStart(9, '0') };
      storage.set(key, keep({ ...key, seq: each, text: 'x'.repeat(500) }));
    }
    await storage.committed();
    console.log(seq + 1);
  } catch (error) {
    console.log(`failed: ${error instanceof Error ? error.message : error}`);
    seq -= 2;
    // Lets what it said out.
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
