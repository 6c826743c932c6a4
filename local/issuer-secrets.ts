import { createReadStream } from 'node:fs';
import type { IssuerSettings, SecretSource } from '../lambdas/auth/issuer-settings.ts';
import type { OutsidePorts } from '../lambdas/auth/outside-issuers.ts';
import { requireSecretLength } from '../lambdas/auth/secret-length.ts';
import { wholeText } from './strict-text.ts';

/**
 * Reads the secrets that are shared with other issuers from their files, without the line break at
 * the end that editors leave there.
 *
 * @throws Error at once naming a file that is not there, is too short or not UTF-8
 */
export async function issuerSecrets({
  outside,
}: IssuerSettings): Promise<OutsidePorts['readSecret']> {
  const read = async (from: SecretSource) => {
    if (!('file' in from)) throw new Error('At home a secret is read from a file.');
    const whole = await wholeText(createReadStream(from.file), { name: from.file });
    const text = whole.replace(/\r?\n$/, '');
    return requireSecretLength(new TextEncoder().encode(text), `The secret in ${from.file}`);
  };
  for (const { name, key } of outside) {
    if (key.kind === 'jwks') continue;
    await read(key.from).catch(({ message }: Error) => {
      throw new Error(`PARLOR_ISSUERS: ${name}.secret can't be used: ${message}`);
    });
  }
  return read;
}
