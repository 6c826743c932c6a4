import { useEffect, useState } from 'react';
import type { Message, Room } from '../../client/index.ts';
import { isSame } from '../rooms/summary.ts';
import { announcementOf } from './announcement.ts';

/** What comes together is told together. */
const TOGETHER_MS = 500;

/** Tells a screen reader what others say, as it comes; never what was said before. */
export function Announcements({ room, username }: { room: Room; username: string }) {
  const [told, setTold] = useState({ text: '', times: 0 });
  useEffect(() => {
    let heard: Message[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      const text = announcementOf(heard);
      heard = [];
      timer = undefined;
      setTold(({ times }) => ({ text, times: times + 1 }));
    };
    const stop = room.on('message', (message) => {
      if (isSame(message.sender, username)) return;
      heard.push(message);
      timer ??= setTimeout(tell, TOGETHER_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [room, username]);
  return (
    <div className="visually-hidden" role="status" aria-label="New messages">
      {/* Another element each time: the same words twice are told twice. */}
      <p key={told.times}>{told.text}</p>
    </div>
  );
}
