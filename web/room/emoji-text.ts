const EMOJI_ONLY = /^(?:\s*\p{RGI_Emoji}){1,6}\s*$/v;

/** Whether a message is nothing but up to six emoji: it is set larger. */
export const isEmojiOnly = (text: string): boolean => text.length <= 120 && EMOJI_ONLY.test(text);
