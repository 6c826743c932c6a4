import { describe, test } from '@jest/globals';
import { STAGE_CHECKS, type Stage } from '../../../smoke/checks/stage.ts';

/**
 * The part of the contract that needs no handlers of its own, and looks at the gateway from the
 * client's side only: `npm run smoke` runs it against deployed stages.
 */
export function stageContract(open: () => Promise<Stage>): void {
  describe('a stage', () => {
    test.each(STAGE_CHECKS)('$name', async ({ run }) => run(await open()));
  });
}
