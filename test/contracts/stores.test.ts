import { describe } from '@jest/globals';
import { openInMemory } from './engines.ts';
import { storeContracts } from './store-contracts.ts';

describe('embedded, in memory', () => storeContracts('on the engine in memory', openInMemory));
