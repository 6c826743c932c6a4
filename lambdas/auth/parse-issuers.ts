import { Fields } from './fields.ts';
import type {
  IssuerSettings,
  OutsideIssuer,
  PublicKeys,
  SecretSource,
  SharedSecret,
} from './issuer-settings.ts';

/** Where the chat will run: only at home may keys come by plain HTTP, and a secret from a file. */
export type Place = 'aws' | 'local';

/** What a name of an issuer looks like. */
export const ISSUER_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** No brackets, no `#`: a label can't pass for something else (shown-name.ts). */
const LABEL = /^([\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,31})?$/u;

const SECRET_ARN = /^arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-\w{6}$/;

/** Those with a public key: a verifier's key must not be able to sign. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const USUAL_ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/**
 * Reads who may issue tokens: an object, or its JSON. Beside `accounts` each member is an issuer,
 * by its name.
 *
 * @param setting what the operator calls it, for the errors
 * @throws Error that names the issuer and the member, what it takes, and never a secret
 */
export function parseIssuers(given: unknown, setting: string, place: Place): IssuerSettings {
  const { accounts = true, ...others } = toObject(given, setting);
  if (typeof accounts !== 'boolean') {
    throw new Error(`${setting}: accounts is neither true nor false. Write "accounts": false.`);
  }
  const outside = Object.entries(others).map(([name, members]) => {
    if (ISSUER_NAME.test(name)) return parseIssuer(name, `${setting}: ${name}`, members, place);
    throw new Error(
      `${setting}: "${name}" can't name an issuer. Take up to 32 small letters, digits and hyphens, beginning with a letter.`,
    );
  });
  const settings = { accounts, outside };
  refuseMixUps(settings, setting);
  return settings;
}

function toObject(given: unknown, setting: string): Record<string, unknown> {
  let value = given;
  try {
    if (typeof given === 'string') value = JSON.parse(given);
  } catch {
    // Told below; the parser's own words would repeat a piece of it.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(
    `${setting} is not a JSON object. Write it like {"corp": {"issuer": "https://…", "audience": "…"}}.`,
  );
}

function parseIssuer(name: string, where: string, given: unknown, place: Place): OutsideIssuer {
  const fields = new Fields(where, given);
  const key = fields.has('secret') ? readSecret(fields, place) : readKeys(fields, place);
  const shared = key.kind === 'secret';
  const issuer: OutsideIssuer = {
    name,
    key,
    iss: shared ? fields.text('issuer') : fields.required('issuer'),
    audience: fields.texts('audience'),
    // What simplejwt calls its access tokens: a refresh token is none.
    require: fields.textsByName('require') ?? (shared ? { token_type: ['access'] } : {}),
    id: fields.path('id') ?? [shared ? 'user_id' : 'sub'],
    displayName: fields.path('displayName'),
    uniqueNames: fields.boolean('uniqueNames') ?? false,
    label: fields.text('label', LABEL, 'up to 32 letters, digits, spaces and . _ -') ?? name,
    superusers: readSuperusers(fields),
    maxLifetime: fields.seconds('maxLifetime', 60, 31 * DAY) ?? HOUR,
    strictExpiry: fields.boolean('strictExpiry') ?? true,
  };
  fields.refuseOthers();
  if (!shared && !issuer.audience && !issuer.require.client_id) {
    throw new Error(
      `${where}.audience is missing: without it, a token that was made for another application would do here. ` +
        'Give what "aud" holds in tokens for this one or, with Cognito, "require": {"client_id": "…", "token_use": "access"}.',
    );
  }
  return issuer;
}

function readKeys(fields: Fields, place: Place): PublicKeys {
  const issuer = fields.required('issuer');
  const url = fields.text('jwks') ?? `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`;
  if (!isSafeUrl(url, place)) {
    const home = place === 'local' ? ' (http://localhost will do, too)' : '';
    throw fields.wrong('jwks', `the https:// address of a key set${home}`);
  }
  const algorithms = fields.texts('algorithms') ?? USUAL_ALGORITHMS;
  if (!algorithms.every((algorithm) => ALGORITHMS.includes(algorithm))) {
    throw fields.wrong('algorithms', `a list of some of ${ALGORITHMS.join(', ')}`);
  }
  return { kind: 'jwks', url, algorithms };
}

function isSafeUrl(text: string, place: Place): boolean {
  const url = URL.parse(text);
  if (!url || url.username || url.password || url.hash) return false;
  const home = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (place === 'local' && home && url.protocol === 'http:');
}

function readSecret(fields: Fields, place: Place): SharedSecret {
  const within = fields.fieldsOf('secret');
  const from: SecretSource =
    place === 'aws'
      ? {
          arn: within.required(
            'arn',
            SECRET_ARN,
            'the whole ARN of a secret, with its last six letters',
          ),
        }
      : { file: within.required('file', /./, 'the path of a file') };
  within.refuseOthers();
  return { kind: 'secret', from };
}

function readSuperusers(fields: Fields): OutsideIssuer['superusers'] {
  if (!fields.has('superusers')) return undefined;
  const within = fields.fieldsOf('superusers');
  const claim = within.path('claim');
  const value = within.textOrBoolean('value');
  if (claim === undefined) throw within.wrong('claim', 'the name of a claim');
  if (value === undefined) throw within.wrong('value', 'a text, true or false');
  within.refuseOthers();
  return { claim, value };
}

/** What is right by itself, but not beside the others. */
function refuseMixUps({ accounts, outside }: IssuerSettings, setting: string): void {
  if (!accounts && outside.length === 0) {
    throw new Error(`${setting}: nobody could get in. Name an issuer, or leave accounts on.`);
  }
  for (const [index, { name, iss, label }] of outside.entries()) {
    const before = outside.slice(0, index);
    const sameIss = before.find((other) => other.iss === iss);
    if (sameIss) {
      const what = iss === undefined ? 'have no issuer' : 'have the same issuer';
      throw new Error(
        `${setting}: ${sameIss.name} and ${name} ${what}: a token couldn't tell whose it is.`,
      );
    }
    const sameLabel = before.find((other) => plain(other.label) === plain(label));
    if (sameLabel) {
      throw new Error(
        `${setting}: ${sameLabel.name} and ${name} have the same label: nobody could tell their users apart.`,
      );
    }
    if (label === '' && accounts) {
      throw new Error(
        `${setting}: ${name}.label is empty, so its users could pass for those of the built-in accounts. Give it one, or switch the accounts off.`,
      );
    }
  }
}

const plain = (label: string) => label.normalize('NFKC').toLowerCase();
