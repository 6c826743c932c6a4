import { describe, test } from '@jest/globals';
import { dynoxideBinary, openDynalite, openDynoxide } from '../../../contracts/engines.ts';
import { expectSameOutcomes } from './outcomes.ts';

describe('our own transport does as the SDK does with every command', () => {
  test('on dynalite', () => expectSameOutcomes(openDynalite));

  const binary = dynoxideBinary();
  (binary ? test : test.skip)('on dynoxide', () =>
    expectSameOutcomes((open) => openDynoxide(binary ?? '', open)),
  );
});
