import { DownIcon } from '../app/icons.tsx';
import { badge } from '../rooms/summary.ts';

/** @param fresh how many came meanwhile */
export function JumpToLatest({ fresh, jump }: { fresh: number; jump: () => void }) {
  return (
    <button type="button" className="jump" data-fresh={fresh > 0 || undefined} onClick={jump}>
      <DownIcon />
      <span>Jump to latest</span>
      {fresh > 0 && <span className="badge">{`${badge(fresh)} new`}</span>}
    </button>
  );
}
