/** The subprotocol of clients that understand seq, acknowledgements and replies. */
export const SUBPROTOCOL = 'parlor.v1';
