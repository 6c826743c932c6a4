const EMOJI_ONLY = /^(?:\s*\p{RGI_Emoji}){1,6}\s*$/v;
const EMOJI_RUN = /(\p{RGI_Emoji}+)/v;
/** Found sooner: most texts have none. */
const SOME_EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;

/** Whether a message is nothing but up to six emoji: it is set larger. */
export const isEmojiOnly = (text: string): boolean => text.length <= 120 && EMOJI_ONLY.test(text);

/** Cuts a text at its emoji: what stands at odd places of the list is emoji, the rest is not. */
export const emojiRuns = (text: string): string[] =>
  SOME_EMOJI.test(text) ? text.split(EMOJI_RUN) : [text];
