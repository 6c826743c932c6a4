import { type FormEvent, useId, useRef, useState } from 'react';
import { session } from '../app/session.ts';
import { remembered } from '../app/storage.ts';
import { ThemeSwitch } from '../app/theme-switch.tsx';
import { PasswordField } from './password-field.tsx';
import { type Problem, problemOf } from './problem.ts';

/** Whether somebody has signed in here before, who then hardly wants another account. */
const KNOWN = 'parlor-known';

/** Asks for a name and a password: to register, or to log in. */
export function SignIn() {
  const [isNew, setIsNew] = useState(() => remembered.get(KNOWN) === undefined);
  const [problem, setProblem] = useState<Problem>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const id = useId();

  const enter = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [username, password] = ['username', 'password'].map((name) => String(fields.get(name)));
    setBusy(true);
    setProblem({});
    try {
      const name = username?.trim() ?? '';
      await (isNew ? session.register(name, password ?? '') : session.logIn(name, password ?? ''));
      remembered.set(KNOWN, 'yes');
    } catch (error) {
      const found = problemOf(error);
      setProblem(found);
      setBusy(false);
      const wrong = found.password && !found.username ? 'password' : 'username';
      form.current?.querySelector<HTMLInputElement>(`[name="${wrong}"]`)?.focus();
    }
  };

  return (
    <div className="sign-in">
      <header className="wall sign-in-wall">
        <p className="wordmark">Parlor</p>
        <p className="sign-in-motto">A room to talk in.</p>
      </header>
      <main className="sign-in-sheet">
        <form
          ref={form}
          className="sign-in-form"
          onSubmit={(event) => void enter(event)}
          noValidate
        >
          <h1>{isNew ? 'Come in' : 'Welcome back'}</h1>
          <p className="lead">
            {isNew ? 'Take a name, and you are in. No e-mail needed.' : 'Log in with your name.'}
          </p>
          <label htmlFor={`${id}-name`}>Name</label>
          <input
            id={`${id}-name`}
            className="field"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={150}
            required
            aria-invalid={problem.username !== undefined}
            aria-describedby={`${id}-name-problem`}
          />
          <p className="problem" id={`${id}-name-problem`}>
            {problem.username}
          </p>
          <PasswordField isNew={isNew} problem={problem.password} />
          <p className="problem" role="alert">
            {problem.general}
          </p>
          <button type="submit" className="button" disabled={busy}>
            {isNew ? 'Create account' : 'Log in'}
          </button>
          <button
            type="button"
            className="quiet-button"
            onClick={() => {
              setIsNew(!isNew);
              setProblem({});
            }}
          >
            {isNew ? 'I have an account already' : 'I am new here'}
          </button>
        </form>
        <footer className="sign-in-foot">
          <ThemeSwitch />
          <a href="/api/docs/">For developers</a>
        </footer>
      </main>
    </div>
  );
}
