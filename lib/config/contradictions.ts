import { CANARY_NAME } from '../../lambdas/auth/canary-issuer.ts';
import type { Config } from '../config.ts';

/** @throws Error for settings that are right by themselves, and not together */
export function refuseContradictions(config: Config): void {
  refuseSecondCanary(config);
  refuseUntoldBudget(config);
}

/** Without built-in accounts the canary is an issuer itself, of one user. */
function refuseSecondCanary({ canary, issuers }: Config): void {
  const isNamedSo = issuers.outside.some(({ name, label }) =>
    [name, label.toLowerCase()].includes(CANARY_NAME),
  );
  if (!canary || issuers.accounts || !isNamedSo) return;
  throw new Error(
    `-c issuers: with -c canary=true, "${CANARY_NAME}" is the canary's own name. Give the issuer another name and label.`,
  );
}

function refuseUntoldBudget({ monthlyBudget, alarmEmail }: Config): void {
  if (monthlyBudget === undefined || alarmEmail !== undefined) return;
  throw new Error('-c monthlyBudget tells nobody without -c alarmEmail=ops@example.com. Say both.');
}
