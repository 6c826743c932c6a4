import { SignIn } from '../sign-in/sign-in.tsx';
import { Failure } from './failure.tsx';
import { useUsername } from './session.ts';
import { SignedIn } from './signed-in.tsx';

export function App() {
  const username = useUsername();
  return (
    <Failure>{username ? <SignedIn key={username} username={username} /> : <SignIn />}</Failure>
  );
}
