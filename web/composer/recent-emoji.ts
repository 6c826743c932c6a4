import { remembered } from '../app/storage.ts';

const KEY = 'parlor-emoji';
const MOST = 16;

/** Those that were chosen last in this browser, the latest first. */
export const recentEmoji = (): string[] => remembered.get(KEY)?.split(' ').filter(Boolean) ?? [];

export function rememberEmoji(emoji: string): void {
  const others = recentEmoji().filter((other) => other !== emoji);
  remembered.set(KEY, [emoji, ...others].slice(0, MOST).join(' '));
}
