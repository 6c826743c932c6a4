/**
 * How a new version of the functions takes over.
 * `direct`: it takes the old one's place when it is deployed.
 * The others call functions by an alias, from which CodeDeploy leads traffic to the new version:
 * `all-at-once`; `canary`: a tenth for a quarter of an hour, then all; `linear`: a tenth more every
 * three minutes. The last two go back by themselves when an urgent alarm goes off meanwhile.
 */
export const RELEASES = ['direct', 'all-at-once', 'canary', 'linear'] as const;

export type Release = (typeof RELEASES)[number];
