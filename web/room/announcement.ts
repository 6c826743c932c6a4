/** So many are read out; of more only the number is told. */
const READ_OUT = 3;
/** Characters of a message that are read out. */
const LENGTH = 300;

/** What a screen reader says of messages that came together. */
export function announcementOf(messages: readonly { sender: string; content: string }[]): string {
  if (messages.length > READ_OUT) {
    const senders = [...new Set(messages.map(({ sender }) => sender))];
    const from = senders.length > READ_OUT ? `${senders.length} people` : senders.join(', ');
    return `${messages.length} new messages from ${from}`;
  }
  return messages.map(({ sender, content }) => `${sender}: ${shortened(content)}`).join('. ');
}

function shortened(content: string): string {
  const characters = [...content];
  return characters.length > LENGTH ? `${characters.slice(0, LENGTH).join('')} …` : content;
}
