'use strict';
// Node's own parser of HTTP (llhttp, MIT) in WebAssembly, as undici (MIT) ships it. In a bundle, an
// import of the Buffer itself would define a property for each of its 54,202 bytes: 90 ms.
exports.bytes = require('undici/lib/llhttp/llhttp_simd-wasm.js');
