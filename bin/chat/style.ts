import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Not in pipes, nor where NO_COLOR or the terminal says no. */
const styled = (format: Format) => (text: string) =>
  styleText(format, text, { stream: process.stdout });

export const dim = styled('dim');
export const bold = styled('bold');
export const alarming = styled('red');
