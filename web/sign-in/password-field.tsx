import { useId, useState } from 'react';
import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '../../protocol/limits.ts';

interface PasswordFieldProps {
  /** One that is chosen now, not one that is known. */
  isNew: boolean;
  problem: string | undefined;
}

export function PasswordField({ isNew, problem }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const id = useId();
  return (
    <>
      <label htmlFor={id}>Password</label>
      <div className="joined">
        <input
          id={id}
          className="field"
          name="password"
          type={shown ? 'text' : 'password'}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={PASSWORD_MAX_CHARS}
          required
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-hint`}
        />
        <button
          type="button"
          className="show-password"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          Show
        </button>
      </div>
      <p className={problem ? 'problem' : 'hint'} id={`${id}-hint`}>
        {problem ?? (isNew && `At least ${PASSWORD_MIN_CHARS} characters, not a common word.`)}
      </p>
    </>
  );
}
