import { useNow } from '../app/use-now.ts';
import { dayName } from './times.ts';

/** What stands above the first line of a day. */
export function DayMark({ at }: { at: number }) {
  return (
    <h2 className="day">
      <time dateTime={new Date(at).toISOString().slice(0, 10)}>
        {useNow((now) => dayName(at, now))}
      </time>
    </h2>
  );
}
