/** The parts of API Gateway's HTTP API events (payload format 2.0) that are used here. */
export interface HttpEvent {
  rawPath: string;
  rawQueryString?: string;
  /** Names in lower case, repeated values joined by commas. */
  headers: Record<string, string | undefined>;
  body?: string | null;
  isBase64Encoded?: boolean;
  requestContext: {
    domainName?: string;
    requestId?: string;
    http: { method: string; sourceIp?: string };
  };
}

export interface HttpAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/**
 * Where clients see this API: CloudFront passes their Host on as x-forwarded-host, for the HTTP
 * API behind it has a name of its own. Anyone who calls that directly can only mislead himself.
 */
export function originOf({ headers, requestContext }: HttpEvent): string {
  const forwarded = headers['x-forwarded-host'];
  const host =
    forwarded && /^[\w.-]+(:\d+)?$/.test(forwarded) ? forwarded : requestContext.domainName;
  const scheme = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  return `${scheme}://${host}`;
}

export function json(
  statusCode: number,
  body: unknown,
  headers: Record<string, string> = {},
): HttpAnswer {
  return {
    statusCode,
    // Nothing here is for another user, or for later; tokens least of all.
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body: JSON.stringify(body),
  };
}
