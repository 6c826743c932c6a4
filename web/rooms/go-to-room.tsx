import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { Dialog } from '../app/dialog.tsx';
import { isComposing } from '../app/is-composing.ts';
import { pathOfRoom, ROOM_NAME_RULE } from '../app/places.ts';
import { navigate } from '../app/router.ts';
import { useRoomList } from '../app/signed-in-context.ts';
import { type Choice, choicesFor } from './choices.ts';

/** A dialog that goes to a room by a few letters of its name, or makes it. */
export function GoToRoom({ close }: { close: () => void }) {
  const { rooms } = useRoomList();
  const [typed, setTyped] = useState('');
  const [marked, setMarked] = useState(0);
  const id = useId();
  const choices = choicesFor(
    typed,
    rooms.map(({ name }) => name),
  );
  const current = Math.min(marked, choices.length - 1);
  const optionId = (index: number) => `${id}-${index}`;

  useEffect(() => {
    document.getElementById(`${id}-${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, current]);

  const go = (choice: Choice | undefined) => {
    if (!choice) return;
    close();
    navigate(pathOfRoom(choice.name));
  };
  const pressed = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setMarked((current + step + choices.length) % Math.max(1, choices.length));
    else if (event.key === 'Enter') go(choices[current]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog className="go-to-room" label="Go to room" close={close}>
      <input
        className="field"
        role="combobox"
        aria-label="Room"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={choices.length > 0 ? optionId(current) : undefined}
        placeholder="Name of a room"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={120}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setMarked(0);
        }}
        onKeyDown={pressed}
      />
      <div className="choices" role="listbox" id={`${id}-list`} aria-label="Rooms">
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: The field has the keys, see `pressed`.
          <div
            key={choice.name}
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => go(choice)}
          >
            <bdi translate="no">{choice.name}</bdi>
            {choice.isNew && <span className="hint">open this room</span>}
          </div>
        ))}
      </div>
      {choices.length === 0 && (
        <p className="hint">
          {typed.trim() === ''
            ? 'Type a name: a room is there as soon as you are.'
            : ROOM_NAME_RULE}
        </p>
      )}
    </Dialog>
  );
}
