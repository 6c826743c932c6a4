// CloudFront Function (cloudfront-js-2.0), run on every request for the documentation and on what the
// bucket answers. It is no module: CloudFront calls `handler`. The construct puts in for DOCS what
// lambdas/edge/docs/addresses.ts says: `addresses` by path, `policies` by file, `types` by ending,
// `assetPath`, `methods`, and the `origins` whose pages may read it.
var docs = 'DOCS';
var assetPath = new RegExp(docs.assetPath);

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  if (event.context.eventType === 'viewer-response') return dress(event);
  var request = event.request;
  var file = fileAt(request);
  if (!file) return refusal(404, 'Not Found', 'Not found.');
  if (request.method === 'OPTIONS') return methods();
  if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(request.method);
  request.uri = `/${file}`;
  return request;
}

/** As `docsFileAt` of addresses.ts. */
function fileAt(request) {
  var path = request.uri.replace(/\/$/, '');
  var found = docs.addresses[path];
  var format = request.querystring.format;
  if (found) return format && format.value === 'json' && found.json ? found.json : found.file;
  return assetPath.test(path) ? path.slice(1) : undefined;
}

/** The bucket knows neither a page's policy nor the types that Parlor names. */
function dress(event) {
  var response = event.response;
  // What the function itself refused, or the bucket.
  if (response.statusCode >= 400) return response;
  // CloudFront hands over the request as it came, or as it went on.
  var file = fileAt(event.request) || event.request.uri.slice(1);
  var type = docs.types[file.slice(file.lastIndexOf('.') + 1)];
  // An answer to If-None-Match, or to OPTIONS, has none.
  if (type && response.headers['content-type']) response.headers['content-type'] = { value: type };
  var policy = docs.policies[file];
  if (policy) response.headers['content-security-policy'] = { value: policy };
  if (docs.origins.length > 0) letRead(event.request.headers.origin, response.headers);
  return response;
}

/** As the HTTP API does for pages of other origins. */
function letRead(origin, headers) {
  headers.vary = { value: headers.vary ? `${headers.vary.value}, Origin` : 'Origin' };
  if (!origin || docs.origins.indexOf(origin.value) < 0) return;
  headers['access-control-allow-origin'] = { value: origin.value };
}

function methods() {
  return { statusCode: 200, statusDescription: 'OK', headers: { allow: { value: docs.methods } } };
}

function notAllowed(method) {
  var refused = refusal(405, 'Method Not Allowed', `Method "${method}" not allowed.`);
  refused.headers.allow = { value: docs.methods };
  return refused;
}

function refusal(statusCode, statusDescription, detail) {
  return {
    statusCode: statusCode,
    statusDescription: statusDescription,
    headers: {
      'content-type': { value: 'application/json' },
      'x-content-type-options': { value: 'nosniff' },
    },
    body: { encoding: 'text', data: JSON.stringify({ detail: detail }) },
  };
}
