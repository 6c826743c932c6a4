import { generateKeyPairSync, sign } from 'node:crypto';

/** In PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

const ID = {
  commonName: '550403',
  basicConstraints: '551d13',
  subjectAltName: '551d11',
  ecdsaWithSha256: '2a8648ce3d040302',
} as const;

/** A value in DER: its tag, its length, itself. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const objectId = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const integer = (hex: string) => der(0x02, Buffer.from(hex, 'hex'));
const octets = (inner: Uint8Array) => der(0x04, inner);
const bits = (inner: Uint8Array) => der(0x03, Buffer.from([0]), inner);
const TRUE = Buffer.from('0101ff', 'hex');

/** 20261122105401Z */
const time = (at: number) =>
  der(0x18, Buffer.from(`${new Date(at).toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`));

/**
 * A key and a self-signed certificate for 127.0.0.1, good for a day. Node makes keys but no
 * certificates, and not every machine has openssl's command. RFC 5280 has the format.
 */
export function makeCertificate(now: number): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(
    der(0x31, sequence(objectId(ID.commonName), der(0x0c, Buffer.from('127.0.0.1')))),
  );
  const algorithm = sequence(objectId(ID.ecdsaWithSha256));
  const extensions = sequence(
    // An authority, for it is trusted as one.
    sequence(objectId(ID.basicConstraints), TRUE, octets(sequence(TRUE))),
    sequence(
      objectId(ID.subjectAltName),
      octets(sequence(der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from('localhost')))),
    ),
  );
  const day = 24 * 60 * 60 * 1_000;
  const toBeSigned = sequence(
    der(0xa0, integer('02')),
    integer('01'),
    algorithm,
    name,
    sequence(time(now - day), time(now + day)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: asPem(sequence(toBeSigned, algorithm, bits(signature))),
  };
}

function asPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
