import { describe, test } from '@jest/globals';
import {
  byLeanTransport,
  dynoxideBinary,
  openDynalite,
  openDynoxide,
  openInFiles,
} from './engines.ts';
import { storeContracts } from './store-contracts.ts';

describe('embedded, in files', () => storeContracts('on the engine in files', openInFiles));

/** Engines that others wrote: what the stores ask of the embedded one, they must give as well. */
describe('dynalite', () => storeContracts('on dynalite', openDynalite));

describe('our own transport', () =>
  storeContracts('by our own transport', () => openDynalite(byLeanTransport)));

const binary = dynoxideBinary();
if (binary) {
  describe('dynoxide', () => storeContracts('on dynoxide', () => openDynoxide(binary)));
} else {
  test.skip('dynoxide: @dynoxide/linux-x64 is not installed on this machine', () => {});
}
