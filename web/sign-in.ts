import { find, show } from './page.ts';
import { logIn, register } from './session.ts';

/** Asks for name and password, and calls back once there is a session. */
export function signIn(done: () => void): void {
  const view = show('sign-in');
  const form = find(view, 'form', HTMLFormElement);
  const problem = find(view, '.problem', HTMLElement);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    const text = (name: string) => String(fields.get(name) ?? '');
    const enter = text('do') === 'register' ? register : logIn;
    problem.textContent = '';
    form.inert = true;
    enter(text('username').trim(), text('password'))
      .then(done, (error: unknown) => {
        problem.textContent =
          error instanceof TypeError
            ? 'The server is out of reach.'
            : String(Object(error).message);
      })
      .finally(() => {
        form.inert = false;
      });
  });
  find(view, 'input', HTMLInputElement).focus();
}
