import { describe } from '@jest/globals';
import { openInFiles, openInMemory } from './engines.ts';
import { storeContracts } from './store-contracts.ts';

describe('embedded, in memory', () => storeContracts('on the engine in memory', openInMemory));
describe('embedded, in files', () => storeContracts('on the engine in files', openInFiles));
