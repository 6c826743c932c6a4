/** A message as it is sent: without empty lines around it; the first line keeps its indent. */
export const tidied = (text: string): string => text.replace(/^(?:\s*\n)+|\s+$/g, '');
