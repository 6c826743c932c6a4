import { fileStore } from '../../client/file-store.ts';
import { parseOutboxEntry } from '../../client/kept.ts';

/** A process that keeps entries, as JSON from its arguments, and is killed with its work done. */
const [folder = '', entries = ''] = process.argv.slice(2);
const store = fileStore(folder);
for (const value of JSON.parse(entries) as unknown[]) {
  const entry = parseOutboxEntry(value);
  if (entry) await store.putOutbox(entry);
}
process.kill(process.pid, 'SIGKILL');
