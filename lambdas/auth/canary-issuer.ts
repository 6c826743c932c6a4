import type { OutsideIssuer } from './issuer-settings.ts';

/** How the names of canaries' accounts begin. The rest follows from a secret. */
export const CANARY_USERS = 'canary-';

/** Whom a canary's own token speaks for: one user, whatever else a token says. */
export const CANARY_USER = 'canary';
export const CANARY_ISSUER = 'parlor-canary';

/** Also the name of its issuer: no other issuer may have it beside a canary. */
export const CANARY_NAME = 'canary';

/** The canary as an issuer, for a stage without built-in accounts. @param arn of its secret */
export const canaryIssuer = (arn: string): OutsideIssuer => ({
  name: CANARY_NAME,
  iss: CANARY_ISSUER,
  audience: undefined,
  require: { token_type: ['access'], user_id: [CANARY_USER] },
  key: { kind: 'secret', from: { arn } },
  id: ['user_id'],
  displayName: undefined,
  uniqueNames: false,
  label: CANARY_NAME,
  superusers: undefined,
  maxLifetime: 300,
  strictExpiry: true,
});
