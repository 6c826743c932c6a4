import { describe, expect, test } from '@jest/globals';
import { type EdgeKeys, type KeyVersion, rotateEdgeKey } from '../../../bin/rotate/edge-key.ts';
import { edgeKey, SHOWN_LABEL } from '../../../lambdas/auth/edge-key.ts';
import { fakeClock } from '../../fakes/fake-clock.ts';

const LABELS = { current: 'AWSCURRENT', previous: 'AWSPREVIOUS', shown: SHOWN_LABEL };

/**
 * A stage: its secret, with the labels as Secrets Manager moves them; an edge whose places take up
 * a key one after another; and functions, which look at the secret as they do.
 */
function stage() {
  const clock = fakeClock();
  const secret: { id: string; value: string; labels: string[] }[] = [];
  let shown = '';
  let made = 0;
  let failing = false;

  const holder = (label: string) => secret.find(({ labels }) => labels.includes(label));
  const move = (label: string, id: string) => {
    for (const version of secret)
      version.labels = version.labels.filter((other) => other !== label);
    secret.find((version) => version.id === id)?.labels.push(label);
  };
  const put = () => {
    made += 1;
    const before = holder('AWSCURRENT');
    secret.push({ id: `v${made}`, value: `key ${made}`, labels: [] });
    move('AWSCURRENT', `v${made}`);
    if (before) move('AWSPREVIOUS', before.id);
    return `v${made}`;
  };

  const starts = () =>
    edgeKey(async (version) => {
      const value = holder(LABELS[version])?.value;
      return value === undefined ? undefined : new TextEncoder().encode(value);
    }, clock);
  const running = starts();
  const besieged = starts();
  const refused: string[] = [];

  /** Requests as they come: to functions that run, that have just looked in vain, that start. */
  async function peopleAsk(): Promise<void> {
    await besieged.admits('a wrong key');
    for (const [name, key] of Object.entries({ running, besieged, starting: starts() }))
      if (!(await key.admits(shown))) refused.push(`${name} refuses ${shown} at ${clock.now()}`);
  }

  const keys: EdgeKeys = {
    versions: async () => secret.map(({ id, labels }): KeyVersion => ({ id, labels: [...labels] })),
    valueOf: async (id) => secret.find((version) => version.id === id)?.value ?? '',
    add: async () => put(),
    label: async (label, id, from) => {
      // As Secrets Manager insists.
      expect(from).toBe(holder(label)?.id);
      move(label, id);
      await peopleAsk();
    },
    shown: async () => shown,
    async deploy(id) {
      await peopleAsk();
      if (failing) throw new Error('The deployment failed.');
      const old = shown;
      shown = secret.find((version) => version.id === id)?.value ?? '';
      await peopleAsk();
      // Another place still shows the old one.
      const next = shown;
      shown = old;
      await peopleAsk();
      shown = next;
    },
  };
  put();
  shown = 'key 1';
  return {
    clock,
    refused,
    secret,
    put,
    shown: () => shown,
    peopleAsk,
    fails: (isFailing: boolean) => {
      failing = isFailing;
    },
    async rotate() {
      await peopleAsk();
      const told: string[] = [];
      const done = rotateEdgeKey(keys, {
        wait: async (ms) => {
          await peopleAsk();
          clock.advance(ms);
        },
        tell: (line) => told.push(line),
      });
      try {
        await done;
      } finally {
        await peopleAsk();
      }
      return told;
    },
  };
}

describe('rotating the edge key', () => {
  test('three times refuses nobody, and each time the edge shows a new one', async () => {
    const { rotate, refused, shown } = stage();
    const seen = [shown()];
    for (let times = 0; times < 3; times++) {
      await rotate();
      seen.push(shown());
    }
    expect(refused).toEqual([]);
    expect(seen).toEqual(['key 1', 'key 2', 'key 3', 'key 4']);
  });

  test('again after deployments that failed goes on with the same key', async () => {
    const { rotate, refused, shown, fails, secret } = stage();
    fails(true);
    for (let times = 0; times < 3; times++)
      await expect(rotate()).rejects.toThrow('The deployment failed.');
    expect(shown()).toBe('key 1');
    fails(false);
    expect((await rotate())[0]).toBe('Goes on with the key v2, which the edge does not show yet.');
    expect(shown()).toBe('key 2');
    expect(secret).toHaveLength(2);
    expect(refused).toEqual([]);
  });

  test('leaves the key that is shown admitted, however many are put by hand after it', async () => {
    const { rotate, put, peopleAsk, clock, refused, shown } = stage();
    await rotate();
    for (let times = 0; times < 3; times++) {
      put();
      await peopleAsk();
      clock.advance(60_000);
      await peopleAsk();
    }
    expect(shown()).toBe('key 2');
    await rotate();
    expect(shown()).toBe('key 5');
    expect(refused).toEqual([]);
  });

  test('lets people in again where two were put by hand before it was ever run', async () => {
    const { rotate, put, clock, refused, shown, peopleAsk } = stage();
    put();
    put();
    await peopleAsk();
    expect(refused).not.toEqual([]);
    clock.advance(60_000);
    await rotate();
    clock.advance(60_000);
    refused.length = 0;
    await rotate();
    expect(shown()).toBe('key 4');
    expect(refused).toEqual([]);
  });

  test('twice ends a key that somebody has seen', async () => {
    const { rotate, secret } = stage();
    await rotate();
    await rotate();
    const admitted = secret.filter(({ labels }) =>
      labels.some((label) => Object.values(LABELS).includes(label)),
    );
    expect(admitted.map(({ value }) => value)).toEqual(['key 2', 'key 3']);
  });
});
