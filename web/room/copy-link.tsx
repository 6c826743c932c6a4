import { useState } from 'react';
import { LinkIcon } from '../app/icons.tsx';
import { pathOfRoom } from '../app/places.ts';
import { copyText } from './copy-text.ts';

interface CopyLinkProps {
  room: string;
  /** Of the message; the room itself without one. */
  seq?: number;
  /** Whether Tab leads to it. */
  reachable?: boolean;
}

const SHOWN_MS = 1_600;

/** Copies the address of a room or a message, and says so for a moment. */
export function CopyLink({ room, seq, reachable = true }: CopyLinkProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    setCopied(await copyText(new URL(pathOfRoom(room, seq), location.href).href));
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  const label = seq === undefined ? 'Copy link to room' : 'Copy link to message';
  return (
    <button
      type="button"
      className="icon-button copy-link line-action"
      aria-label={label}
      title={label}
      tabIndex={reachable ? 0 : -1}
      onClick={() => void copy()}
    >
      <LinkIcon />
      {copied && (
        <span className="copied" role="status">
          Copied
        </span>
      )}
    </button>
  );
}
