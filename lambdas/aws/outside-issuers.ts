import type { IssuerSettings } from '../auth/issuer-settings.ts';
import type { OutsideIssuers, OutsidePorts } from '../auth/outside-issuers.ts';

/**
 * The issuers beside the built-in accounts, if there are any. Their code is loaded with the first
 * token: a chat that has none never does.
 */
export function outsideIssuersOnDemand(
  { outside }: IssuerSettings,
  ports: OutsidePorts,
): OutsideIssuers | undefined {
  if (outside.length === 0) return undefined;
  let loaded: Promise<OutsideIssuers> | undefined;
  const load = async () => {
    const { outsideIssuers } = await import('../auth/outside-issuers.ts');
    return outsideIssuers(outside, ports);
  };
  return {
    async read(token, ours) {
      loaded ??= load();
      return await (await loaded).read(token, ours);
    },
  };
}
