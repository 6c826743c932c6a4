import type { Group } from './check.ts';
import { DOCS } from './checks/docs.ts';
import { MISTAKES } from './checks/mistakes.ts';
import { NEW_CLIENT } from './checks/new-client.ts';
import { OLD_CLIENT } from './checks/old-client.ts';
import { RECOVERY } from './checks/recovery.ts';
import { STAGE } from './checks/stage.ts';

/** What holds of every chat: the local one, an emulated and a deployed one. */
export const SUITE: readonly Group[] = [STAGE, OLD_CLIENT, NEW_CLIENT, MISTAKES, RECOVERY, DOCS];
