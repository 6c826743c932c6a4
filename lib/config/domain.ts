import type { Context } from './context.ts';

/** A name of the deployer's own for the chat. */
export interface Domain {
  /** `chat.example.com` */
  name: string;
  /** Of a certificate for the name. CloudFront takes one from us-east-1 only. */
  certificateArn: string;
  /** Of a Route 53 zone in this account, in which the name is then entered. */
  hostedZoneId: string | undefined;
}

const HOST_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;
const CERTIFICATE = /^arn:aws[\w-]*:acm:([a-z0-9-]+):\d{12}:certificate\/[\w-]+$/;

/** @throws Error that names the setting, what it holds and what it takes */
export function readDomain(context: Context): Domain | undefined {
  const name = context.text(
    'domain',
    HOST_NAME,
    'a host name in lower case, without scheme, port or path, like chat.example.com',
  );
  const certificateArn = context.text(
    'certificateArn',
    CERTIFICATE,
    'the ARN of a certificate, like arn:aws:acm:us-east-1:123456789012:certificate/…',
  );
  const hostedZoneId = context.text(
    'hostedZoneId',
    /^Z[A-Z0-9]{1,31}$/,
    'the id of a Route 53 hosted zone, like Z0123456789ABCDEFGHIJ',
  );
  if (name === undefined) {
    const orphan = certificateArn ? 'certificateArn' : hostedZoneId && 'hostedZoneId';
    if (!orphan) return undefined;
    throw new Error(
      `-c ${orphan} says nothing without a domain. Add -c domain=chat.example.com, or leave it out.`,
    );
  }
  if (certificateArn === undefined) {
    throw new Error(
      `-c domain=${name} needs a certificate for it. Ask for one in AWS Certificate Manager in ` +
        'us-east-1 and add -c certificateArn=<its ARN>.',
    );
  }
  const region = CERTIFICATE.exec(certificateArn)?.[1];
  if (region !== 'us-east-1') {
    throw new Error(
      `-c certificateArn=${certificateArn} is in ${region}. CloudFront takes certificates from ` +
        'us-east-1 only: ask for one there, wherever the chat itself is deployed.',
    );
  }
  return { name, certificateArn, hostedZoneId };
}
