// Loaded before anything else (`node -r`), so that an old Node says what to do instead of
// stumbling over TypeScript. Plain CommonJS, for an old Node must be able to read it.
'use strict';
var wanted = [22, 19];
var parts = process.versions.node.split('.').map(Number);
if (parts[0] < wanted[0] || (parts[0] === wanted[0] && parts[1] < wanted[1])) {
  console.error(
    'Parlor needs Node ' +
      wanted.join('.') +
      ' or newer, and this is ' +
      process.versions.node +
      '.\n' +
      'Start it through npm (npm start, npm test): on Linux x64 `npm ci` brings a Node 24 for that.\n' +
      'Elsewhere install Node 24 from your package manager or from nodejs.org, then try again.',
  );
  process.exit(1);
}
