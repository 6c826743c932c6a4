/**
 * Every limit a client can run into, in one place. Sizes are bytes of UTF-8 unless the name says
 * otherwise; times are seconds unless the name says otherwise. API Gateway's own numbers are
 * documented under "Amazon API Gateway quotas".
 */

/** A WebSocket frame may not be larger (API Gateway's quota; a larger one closes with 1009). */
export const FRAME_BYTES = 32 * 1024;

/** A WebSocket message, over all its frames, may not be larger (API Gateway's quota). */
export const SOCKET_MESSAGE_BYTES = 128 * 1024;

/**
 * The address of a socket as it reaches the stage, from its path on, with room and token
 * (API Gateway's quota). Tokens that don't fit go as a subprotocol, or a ticket in their place.
 */
export const SOCKET_ADDRESS_CHARS = 4_096;

/**
 * The content of one message. Well below a frame: the worst that JSON escaping does to allowed
 * text is to double it, and sender, room and ids need room beside it.
 */
export const CONTENT_BYTES = 8_000;

/** The `metadata` of a message, as JSON. */
export const METADATA_BYTES = 2_048;

/** Objects and lists within each other there: parsers of other languages give up at some depth. */
export const METADATA_DEPTH = 16;

/** For how long people may change what they said. */
export const EDIT_HOURS = 24;

/** The `kind` of a custom message, in characters. */
export const KIND_CHARS = 64;

/** The body of a REST request. */
export const REST_BODY_BYTES = 64 * 1024;

/** A room's name, in characters (code points). */
export const ROOM_NAME_CHARS = 100;

/** A username, in characters (code points); Django's limit. */
export const USERNAME_CHARS = 150;

/** What somebody is looked up by, in characters: a name as it is shown, or an issuer with an id. */
export const LOOKED_UP_CHARS = 300;

/** A password, in characters (code points). Bounds the work that hashing one can cost. */
export const PASSWORD_MIN_CHARS = 8;
export const PASSWORD_MAX_CHARS = 1_024;

/** A client's own id for a message (`clientId`) or for a frame (`id`), in characters. */
export const CLIENT_ID_CHARS = 64;

/** Messages, events or rooms in one page. */
export const PAGE_DEFAULT = 50;
export const PAGE_MAX = 200;

/**
 * What the entries of a page take together at most, as Lambda sends them: as JSON within JSON. A
 * page of long messages ends before its limit. Lambda allows 6 MB; a page is to reach a phone soon.
 */
export const PAGE_BYTES = 1_000_000;

/**
 * How far `after` may lie behind the head, in messages; other events don't count. A send reads
 * everything past `after` to find out whether it has been stored before. A send without `after`
 * searches as many of the newest messages.
 */
export const DUPLICATE_SEARCH_MESSAGES = 1_000;

/**
 * How much that search reads at most, in bytes of events as stored JSON. A thousand messages of some
 * 200 bytes; of the longest, sixty. What one send can cost is bounded by this, not by their number.
 */
export const DUPLICATE_SEARCH_BYTES = 500_000;

/** Rooms one connection may be in at once. */
export const ROOMS_PER_CONNECTION = 50;

/** Open connections of one user. */
export const CONNECTIONS_PER_USER = 50;

/**
 * Frames of a connection, whatever they ask for, where the operator says nothing else: so many at
 * once, and so many a second after that. People and small bots never meet it.
 */
export const FRAME_BURST = 100;
export const FRAMES_PER_SECOND = 10;

/**
 * So many times that is what a user may send over all connections, with messages sent over REST. It
 * is counted by the twenty, so each connection may go twenty frames beyond.
 */
export const CONNECTIONS_AT_FULL_RATE = 5;

/**
 * A connection that goes on after it was refused is closed with so many refused frames that have no
 * pause of FLOOD_PAUSE_MS between them. `retryAfter` asks for a longer one.
 */
export const FLOOD_REFUSALS = 100;
export const FLOOD_PAUSE_MS = 500;

/** Lifetimes of tokens: those of the chat that Parlor replaces. */
export const ACCESS_TOKEN_LIFETIME = 5 * 60;
export const REFRESH_TOKEN_LIFETIME = 24 * 60 * 60;

/**
 * Seconds for which a refresh token that was used gets the same answer again: the first answer may
 * have been lost. Only until the new refresh token is used.
 */
export const REFRESH_REUSE_GRACE = 60;

/** Seconds within which a ticket has to open its socket. */
export const TICKET_LIFETIME = 30;

/** API Gateway ends every connection after two hours, and an idle one after ten minutes. */
export const CONNECTION_LIFETIME = 2 * 60 * 60;
export const CONNECTION_IDLE = 10 * 60;

/** Seconds before a token's expiry at which its connection is told, and after it, closed at the latest. */
export const EXPIRY_NOTICE = 60;

/** Events that one item of the log may hold, written together while a room is hot. */
export const GROUP_EVENTS = 100;
/** What they may take together as JSON; an item has 400 KB at most, each KB costs a write unit. */
export const GROUP_BYTES = 100_000;

/** What Lambda takes everywhere, whether its caller waits or not. */
export const INVOCATION_BYTES = 256 * 1024;

/**
 * What the events of one round of posts may take together in a task for another worker, in both
 * dialects and as JSON within JSON. The rest of an invocation is for the frames around them.
 */
export const ROUND_BYTES = 200_000;

/** Connections in one shard of a room at which the number of shards doubles. */
export const SHARD_CONNECTIONS = 1_000;
