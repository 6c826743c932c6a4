// CloudFront Function (cloudfront-js-2.0), run on every request that reaches the edge. It is no
// module: CloudFront calls `handler`. `uri` and `querystring` come, and go on, as the viewer
// encoded them. The construct puts the stage's name in for STAGE.

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  var request = event.request;
  // Behind the edge everybody seems to come from the edge. What a client says here is overwritten.
  request.headers['x-parlor-viewer-address'] = { value: event.viewer.ip };
  if (request.uri.startsWith('/ws/chat/')) return toSocket(request);
  if (/^\/(api|accounts|chat)\//.test(request.uri)) return toRest(request);
  return toPage(request);
}

/** API Gateway has no paths behind a WebSocket stage: the room moves into the query. */
function toSocket(request) {
  var match = /^\/ws\/chat\/([^/]+)\/?$/.exec(request.uri);
  if (!match) return { statusCode: 404, statusDescription: 'Not Found' };
  for (var name in request.querystring) {
    // API Gateway decodes names too, so that %72oom would be a second room beside the path's.
    if (decode(name) === 'room') delete request.querystring[name];
  }
  request.querystring.room = { value: encodeURIComponent(decode(match[1])) };
  request.uri = '/STAGE';
  return lengthOf(request) > MOST_CHARS ? TOO_LONG : request;
}

// Longer ones API Gateway refuses with a page that tells no client what to do. protocol/limits.ts
// has the number, protocol/errors.ts the code.
var MOST_CHARS = 4096;
var TOO_LONG = {
  statusCode: 414,
  statusDescription: 'URI Too Long',
  headers: { 'content-type': { value: 'application/json' } },
  body: {
    encoding: 'text',
    data: '{"detail":"The address has more than 4096 characters. Offer the token as a subprotocol, or bring a ticket.","code":"address_too_long"}',
  },
};

/** Of path and query. Of a name that comes several times, each counts. */
function lengthOf(request) {
  var lengths = Object.keys(request.querystring).map(function ofName(name) {
    var one = request.querystring[name];
    // With the sign before it, and the one between.
    return (one.multiValue || [one]).reduce(function add(sum, each) {
      return sum + name.length + each.value.length + 2;
    }, 0);
  });
  return lengths.reduce(function add(sum, length) {
    return sum + length;
  }, request.uri.length);
}

/** The HTTP API sees its own Host. This header says under which one links lead back here. */
function toRest(request) {
  request.headers['x-forwarded-host'] = { value: request.headers.host.value };
  return request;
}

/** A path without a file's ending is a place in the page, like /room/lobby. */
function toPage(request) {
  if (!/\.[^/]*$/.test(request.uri)) request.uri = '/index.html';
  return request;
}

/** What can't be decoded stays as it is; as a room's name it is refused behind. */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch (_malformed) {
    return text;
  }
}
