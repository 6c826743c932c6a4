import type { Context } from './context.ts';

/** Where copies of the table go, and how often. */
export interface Backup {
  /** Another region than the chat's: `eu-west-1`. */
  region: string;
  /** A copy is made each so many hours, beginning at midnight UTC. */
  everyHours: number;
}

/** Parts of a day: a copy is made at the same hours each day. */
const HOURS = [1, 2, 3, 4, 6, 8, 12, 24] as const;

/** @throws Error that names the setting, what it holds and what it takes */
export function readBackup(context: Context): Backup | undefined {
  const region = context.text(
    'backup',
    /^[a-z]{2}(-[a-z]+)+-\d$/,
    'a region of AWS, like eu-west-1',
  );
  const everyHours = context.oneOf('backupHours', HOURS, 6);
  if (region === undefined) {
    if (context.value('backupHours') === undefined) return undefined;
    throw new Error(
      `-c backupHours=${everyHours} says nothing without a region to copy to. Add -c backup=eu-west-1, or leave it out.`,
    );
  }
  return { region, everyHours };
}

/**
 * @param home where the chat itself is deployed, as far as that is known when it is synthesized
 * @throws Error when copies would go to the same region
 */
export function refuseHome(backup: Backup | undefined, home: string | undefined): void {
  if (backup === undefined || backup.region !== home) return;
  throw new Error(
    `-c backup=${home} is the region that the chat itself is deployed to. Name another one.`,
  );
}
