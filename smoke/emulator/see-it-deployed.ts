import { behindTheScenes, largeRoom } from '../checks/behind.ts';
import { allIsWell, summary, tablePrinter } from '../report.ts';
import { type Result, runSuite } from '../run-suite.ts';
import { SUITE } from '../suite.ts';
import { cdkAgainst } from './cdk.ts';
import { deletion } from './checks/deletion.ts';
import { DEPLOYMENT } from './checks/deployment.ts';
import { functionsAtWork } from './checks/functions.ts';
import { beforeLoss, restoring } from './checks/restoring.ts';
import { rotation } from './checks/rotation.ts';
import { upgrade } from './checks/upgrade.ts';
import { findDeployed } from './deployed.ts';
import { KNOWN_DIFFERENCES, MINISTACK_DIFFERENCES } from './differences.ts';
import type { Emulator } from './ministack.ts';

/**
 * Deploys the stack, talks to it, deploys it again, looks at what its functions have logged, deletes
 * it, and deploys another one over its restored table. Prints what holds.
 *
 * @param root of the repository
 * @returns whether all of it holds
 */
export async function seeItDeployed(emulator: Emulator, root: string): Promise<boolean> {
  const start = performance.now();
  const print = tablePrinter(console.log);
  const results: Result[] = [];
  const cdk = cdkAgainst(emulator, root);
  results.push(...(await runSuite(cdk, [DEPLOYMENT], print)));
  if (allIsWell(results)) {
    const { target, resources, ...inside } = await findDeployed(emulator);
    const byAlias = {
      title: 'functions that are called by aliases since',
      checks: [largeRoom(inside.table, 'larger')],
    };
    const groups = [...SUITE, behindTheScenes(inside), upgrade(cdk), byAlias, rotation];
    results.push(...(await runSuite(target, groups, print, MINISTACK_DIFFERENCES)));
    await target.cleanUp();
    const functions = functionsAtWork(resources);
    results.push(...(await runSuite(emulator, [functions], print, MINISTACK_DIFFERENCES)));
    // Looked up anew: the token secret has been rotated since.
    const before = await beforeLoss(await findDeployed(emulator));
    const afterwards = [deletion(emulator, resources), restoring(emulator, before)];
    results.push(...(await runSuite(cdk, afterwards, print)));
  }
  console.log(`\n${summary(results, performance.now() - start)}`);
  console.log('\nWhat MiniStack does otherwise than AWS, whose documentation is right:');
  for (const difference of KNOWN_DIFFERENCES) console.log(`  ${difference}`);
  return allIsWell(results);
}
