import { execFile } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A key and a certificate for this machine, good for a day. Clients trust `file`. */
export interface Certificate {
  key: Buffer;
  cert: Buffer;
  /** For NODE_EXTRA_CA_CERTS. */
  file: string;
  folder: string;
}

/** @param names host names beside 127.0.0.1 */
export async function makeCertificate(names: readonly string[] = []): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'parlor-bench-'));
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const san = ['IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join(',');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-days', '1', '-subj', '/CN=127.0.0.1', '-addext', `subjectAltName=${san}`],
    ...['-keyout', keyFile, '-out', file],
  ]);
  return { key: await readFile(keyFile), cert: await readFile(file), file, folder };
}
