/** What is said by a frame: of one message, of several, or of none. */
export function contentsOf(frame: string): string[] {
  const { type, events, content } = JSON.parse(frame);
  if (type === 'events') return events.map((event: { content: string }) => event.content);
  return type === 'chat_message' ? [content] : [];
}
