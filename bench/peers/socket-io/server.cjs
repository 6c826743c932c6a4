/** A chat by Socket.IO, in memory: `node server.cjs FOLDER_OF_ITS_PACKAGES PORT` */
const { createHmac, timingSafeEqual } = require('node:crypto');
const { createRequire } = require('node:module');

const [, , folder, port] = process.argv;
const { Server } = createRequire(`${folder}/`)('socket.io');

const KEPT = 100;
const rooms = new Map();

/** Who a token is of. @throws Error when it is nobody's */
function userOf(token) {
  const [header, body, signature] = String(token).split('.');
  const own = createHmac('sha256', process.env.PEER_SECRET).update(`${header}.${body}`).digest();
  const its = Buffer.from(signature ?? '', 'base64url');
  const { sub, exp } = JSON.parse(Buffer.from(body ?? '', 'base64url').toString());
  if (its.length === own.length && timingSafeEqual(its, own) && exp > Date.now() / 1_000)
    return sub;
  throw new Error('Token is invalid');
}

const io = new Server({ transports: ['websocket'], serveClient: false });
io.use((socket, next) => {
  try {
    socket.data.user = userOf(socket.handshake.auth.token);
    next();
  } catch (error) {
    next(error);
  }
});
io.on('connection', (socket) => {
  const room = String(socket.handshake.auth.room);
  socket.join(room);
  socket.on('message', (content) => {
    if (typeof content !== 'string' || content === '') return;
    const timestamp = new Date().toISOString();
    const message = { sender: socket.data.user, content, timestamp, room };
    const kept = rooms.get(room) ?? [];
    rooms.set(room, [...kept.slice(1 - KEPT), message]);
    io.to(room).emit('message', message);
  });
});
io.listen(Number(port));
