/** How many days CloudWatch can be told to keep logs for; it takes no others. */
export const LOG_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
] as const;

export type LogDays = (typeof LOG_DAYS)[number];
