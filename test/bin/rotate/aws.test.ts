import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callSecretsManager } from '../../../bin/rotate/secrets-manager.ts';
import { readShownKey } from '../../../bin/rotate/shown-key.ts';
import { type Loopback, openLoopback } from '../../lambdas/aws/loopback.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

let server: Loopback;
let answer = { status: 200, body: '' };
beforeAll(async () => {
  server = await openLoopback((_, response) => {
    response.writeHead(answer.status);
    response.end(answer.body);
  });
});
beforeEach(() => {
  server.received.length = 0;
});
afterAll(() => server.close());

/** As CloudFront describes a distribution with two origins. */
const configuration = (header: string) => `<?xml version="1.0"?>
<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Origins><Items>
<Origin><Id>page</Id><CustomHeaders><Quantity>0</Quantity></CustomHeaders></Origin>
<Origin><Id>rest</Id><CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader>${header}</OriginCustomHeader></Items></CustomHeaders></Origin>
</Items></Origins></DistributionConfig>`;

describe('the key that the edge shows', () => {
  const read = () => readShownKey({ id: 'E1ABC', credentials, endpoint: server.url });

  test("is read from the distribution's configuration, by a signed request", async () => {
    const header = '<HeaderName>x-parlor-edge-key</HeaderName><HeaderValue>k3y</HeaderValue>';
    answer = { status: 200, body: configuration(header) };
    expect(await read()).toBe('k3y');
    expect(server.received[0]).toMatchObject({
      path: '/2020-05-31/distribution/E1ABC/config',
      headers: {
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/cloudfront\/aws4_request, SignedHeaders=host;/,
        ),
      },
    });
  });

  test('may not be there, or not be readable', async () => {
    answer = { status: 200, body: configuration('') };
    await expect(read()).rejects.toThrow('The distribution E1ABC shows no key to its APIs.');
    answer = { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' };
    await expect(read()).rejects.toThrow('cloudfront:GetDistributionConfig was answered 403.');
  });
});

describe('Secrets Manager', () => {
  const call = () =>
    callSecretsManager(
      { region: 'eu-central-1', credentials, endpoint: server.url },
      'PutSecretValue',
      { SecretId: 'arn', SecretString: 'hush' },
    );

  test('is asked for an operation by its name', async () => {
    answer = { status: 200, body: '{"VersionId":"v2"}' };
    expect(await call()).toEqual({ VersionId: 'v2' });
    expect(server.received[0]?.headers).toMatchObject({
      'x-amz-target': 'secretsmanager.PutSecretValue',
    });
  });

  test('that refuses is told by the kind of fault, without a secret', async () => {
    answer = { status: 400, body: '{"__type":"AccessDeniedException","Message":"hush"}' };
    await expect(call()).rejects.toThrow(
      /^secretsmanager:PutSecretValue was answered 400, AccessDeniedException\.$/,
    );
  });
});
