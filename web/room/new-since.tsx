import type { Message, Room } from '../../client/index.ts';
import { CloseIcon, UpIcon } from '../app/icons.tsx';
import { useNow } from '../app/use-now.ts';
import { isAbove } from './reading.ts';
import { sinceTime } from './times.ts';
import { useFirstNew } from './use-first-new.ts';
import type { ReadingUse } from './use-reading.ts';

interface NewSinceProps {
  room: Room;
  /** Those that are shown. */
  messages: readonly Message[];
  reading: ReadingUse;
  /** Leads to a message. */
  lead: (seq: number) => void;
  /** Takes the focus of who dismisses it by keys. */
  toComposer: () => void;
}

/** Says how much is new above the screen, and leads to the first of it. */
export function NewSince({ room, messages, reading, lead, toComposer }: NewSinceProps) {
  const { unreadAfter, upTo, pass } = reading;
  const above = isAbove(reading) ? unreadAfter : undefined;
  const first = useFirstNew(room, messages, above);
  const since = useNow((now) => first && sinceTime(Date.parse(first.timestamp), now));
  return (
    <div className="new-since" role="status" aria-label="New above">
      {above !== undefined && (
        <>
          {/* What came right after may have expired. */}
          <NewSinceButton
            count={upTo - (first ? first.seq - 1 : above)}
            since={since}
            go={() => lead(first?.seq ?? above + 1)}
          />
          <button
            type="button"
            className="icon-button"
            aria-label="Mark as read"
            title="Mark as read"
            onClick={({ detail }) => {
              pass();
              if (detail === 0) toComposer();
            }}
          >
            <CloseIcon />
          </button>
        </>
      )}
    </div>
  );
}

interface NewSinceButtonProps {
  count: number;
  since: string | undefined;
  go: () => void;
}

function NewSinceButton({ count, since, go }: NewSinceButtonProps) {
  const many = new Intl.NumberFormat().format(count);
  return (
    <button type="button" className="new-since-go" onClick={go}>
      <UpIcon />
      <span>{since === undefined ? `${many} new` : `${many} new since ${since}`}</span>
    </button>
  );
}
