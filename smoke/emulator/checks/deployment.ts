import { expect } from 'expect';
import type { Group } from '../../check.ts';
import type { Cdk } from '../cdk.ts';

const PATIENCE_MS = 180_000;

export const DEPLOYMENT: Group<Cdk> = {
  title: 'deploying',
  checks: [
    {
      name: 'an account and region are prepared, once',
      patienceMs: PATIENCE_MS,
      run: (cdk) => cdk.bootstrap(),
    },
    {
      name: 'the stack comes up',
      patienceMs: PATIENCE_MS,
      async run(cdk) {
        expect(await cdk.deploy()).toBe('changed');
      },
    },
    {
      name: 'deploying it again changes nothing',
      patienceMs: PATIENCE_MS,
      async run(cdk) {
        expect(await cdk.deploy()).toBe('no changes');
      },
    },
  ],
};
