import type { Message } from '../../client/index.ts';
import { inColourOf } from './name-colour.ts';
import { safeText } from './safe-text.ts';
import { bold, dim } from './style.ts';

/** Messages as lines: with the time of day, and the date where another day begins. */
export class Transcript {
  #day = '';

  /** The next message; several lines, where it has several. */
  add({ timestamp, sender, content }: Message): string {
    const { day, time } = localTime(timestamp);
    const newDay = day === this.#day ? '' : `${dim(`── ${day} ──`)}\n`;
    this.#day = day;
    return `${newDay}${dim(time)} ${bold(inColourOf(sender, safeText(sender)))}: ${oneMessage(content)}`;
  }
}

/** A message's text. Its further lines are marked, so that none looks like a message of its own. */
export const oneMessage = (content: string): string =>
  safeText(content).replaceAll('\n', `\n${dim('    │')} `);

function localTime(timestamp: string): { day: string; time: string } {
  const at = new Date(timestamp);
  const two = (part: number) => String(part).padStart(2, '0');
  return {
    day: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}
