/** Whose access tokens are taken. */
export interface IssuerSettings {
  /** The built-in accounts: registration, login, and the tokens that come of it. */
  accounts: boolean;
  outside: readonly OutsideIssuer[];
}

export const BUILT_IN_ONLY: IssuerSettings = { accounts: true, outside: [] };

/** Somebody else whose users may talk here, without an account of ours. */
export interface OutsideIssuer {
  /** Its users' ids are `name:` and what it calls them; no id of ours has a colon. */
  name: string;
  /** What `iss` has to be, exactly. Undefined: its tokens have none. */
  iss: string | undefined;
  /** One of these has to be in `aud`. Undefined: its tokens have none. */
  audience: readonly string[] | undefined;
  /** Claims that have to be there, each with the values that will do. */
  require: Readonly<Record<string, readonly string[]>>;
  key: PublicKeys | SharedSecret;
  /** The claim that tells its users apart, for ever. */
  id: ClaimPath;
  /** The claim that its users are shown by; undefined shows the id. */
  displayName: ClaimPath | undefined;
  /** Whether it gives a display name to one user only: then it is shown as it is. */
  uniqueNames: boolean;
  /** Stands after each name, so that nobody is taken for a user of another issuer. */
  label: string;
  /** Who may moderate: those whose claim is this value, or has it in its list. */
  superusers: { claim: ClaimPath; value: string | boolean } | undefined;
  /** How long a token may be good for altogether, in seconds. */
  maxLifetime: number;
  /** Whether old clients, who can't renew a token, are cut off when it expires. */
  strictExpiry: boolean;
}

/** Where a claim stands: the names on the way to it, from the outside in. */
export type ClaimPath = readonly string[];

export interface PublicKeys {
  kind: 'jwks';
  /** Of the JSON Web Key Set. */
  url: string;
  algorithms: readonly string[];
}

export interface SharedSecret {
  kind: 'secret';
  from: SecretSource;
}

/** Where a secret's text is: in Secrets Manager, or locally in a file. */
export type SecretSource = { arn: string } | { file: string };
