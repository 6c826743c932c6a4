import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { USERNAME_CHARS } from '../../protocol/limits.ts';
import { usePlace } from '../app/router.ts';
import { hasLapsed, session } from '../app/session.ts';
import { remembered } from '../app/storage.ts';
import { ThemeSwitch } from '../app/theme-switch.tsx';
import { DocsLink } from './docs-link.tsx';
import { Invitation } from './invitation.tsx';
import { PasswordField } from './password-field.tsx';
import { missing, type Problem, problemOf } from './problem.ts';

/** Whether somebody has signed in here before, who then hardly wants another account. */
const KNOWN = 'parlor-known';

/** Asks for a name and a password: to register, or to log in. */
export function SignIn() {
  const [lapsed] = useState(hasLapsed);
  const [isNew, setIsNew] = useState(() => !lapsed && remembered.get(KNOWN) === undefined);
  const [problem, setProblem] = useState<Problem>({});
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const place = usePlace();
  const id = useId();

  useEffect(() => {
    document.title = `${isNew ? 'Come in' : 'Log in'} · Parlor`;
  }, [isNew]);
  useEffect(() => {
    // On a touch screen this would open the keyboard over what the page says.
    if (matchMedia('(hover: hover)').matches) focusField(form.current, 'username');
  }, []);

  const tell = (found: Problem) => {
    setProblem(found);
    focusField(form.current, found.password && !found.username ? 'password' : 'username');
  };
  const enter = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const name = String(fields.get('username')).trim();
    const password = String(fields.get('password'));
    const lacking = missing(name, password);
    if (lacking) return tell(lacking);
    setBusy(true);
    setProblem({});
    try {
      await (isNew ? session.register(name, password) : session.logIn(name, password));
      remembered.set(KNOWN, 'yes');
    } catch (error) {
      tell(problemOf(error));
      setBusy(false);
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
          <p className="lead" id={`${id}-lead`}>
            <Invitation isNew={isNew} lapsed={lapsed} place={place} />
          </p>
          <label htmlFor={`${id}-name`}>Name</label>
          <input
            id={`${id}-name`}
            className="field"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={USERNAME_CHARS}
            required
            aria-invalid={problem.username !== undefined}
            aria-describedby={`${id}-name-problem ${id}-lead`}
          />
          <p className="problem" id={`${id}-name-problem`}>
            {problem.username}
          </p>
          <PasswordField isNew={isNew} problem={problem.password} />
          <p className="problem" role="alert">
            {problem.general}
          </p>
          <button type="submit" className="button" disabled={busy}>
            {busy ? 'One moment…' : isNew ? 'Create account' : 'Log in'}
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
          <DocsLink />
        </footer>
      </main>
    </div>
  );
}

function focusField(form: HTMLFormElement | null, name: 'username' | 'password'): void {
  form?.querySelector<HTMLInputElement>(`[name="${name}"]`)?.focus();
}
