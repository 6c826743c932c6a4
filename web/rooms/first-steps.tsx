import { type FormEvent, useId, useRef, useState } from 'react';
import { Link } from '../app/link.tsx';
import { pathOfRoom, ROOM_NAME_RULE, typedRoomName } from '../app/places.ts';
import { navigate } from '../app/router.ts';
import { useRoomList, useSignedIn } from '../app/signed-in-context.ts';
import { useNow } from '../app/use-now.ts';
import { greeting } from '../room/times.ts';

/** The room that everybody knows without asking. */
const LOBBY = 'lobby';

/** What to do when no room is open: go to the lobby, or to a room by its name. */
export function FirstSteps() {
  const { username } = useSignedIn();
  const { rooms, loaded } = useRoomList();
  const welcome = useNow((now) => greeting(new Date(now)));
  const newcomer = loaded && rooms.length === 0;
  return (
    <section className="first-steps">
      <h1>
        <span>{`${welcome}, `}</span>
        <bdi translate="no">{username}</bdi>
        <span>.</span>
      </h1>
      <p className="lead">
        {newcomer
          ? 'Everyone meets in the lobby first. Say hello: whoever is there sees it at once.'
          : 'Choose a room, or open another one.'}
      </p>
      <Link className="button" href={pathOfRoom(LOBBY)}>
        Go to the lobby
      </Link>
      <OpenRoom />
    </section>
  );
}

function OpenRoom() {
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const open = (event: FormEvent) => {
    event.preventDefault();
    const name = typedRoomName(field.current?.value ?? '');
    if (name) return navigate(pathOfRoom(name));
    setProblem(ROOM_NAME_RULE);
    field.current?.focus();
  };
  return (
    <form className="open-room" noValidate onSubmit={open}>
      <label htmlFor={id}>Open or make a room</label>
      <div className="joined">
        <input
          ref={field}
          id={id}
          className="field"
          name="room"
          placeholder="garden-party"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={120}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-hint`}
        />
        <button type="submit" className="button" data-kind="second">
          Open
        </button>
      </div>
      <p className="hint" id={`${id}-hint`} role={problem ? 'alert' : undefined}>
        {problem ?? 'It is there as soon as you are. Its address is its invitation.'}
      </p>
    </form>
  );
}
