/** Chooses one of the seeded people to be; no password. */
import { useEffect, useState } from 'preact/hooks';
import { become, type CallError, call } from '../api.ts';
import { Face } from './small.tsx';

interface Person {
  id: string;
  username: string;
  followerCount: number;
}

export function SignIn() {
  const [people, setPeople] = useState<Person[] | null>(null);
  const [prefix, setPrefix] = useState('');
  const [trouble, setTrouble] = useState('');
  useEffect(() => {
    let current = true;
    call<{ items: Person[] }>(`v1/demo/people?prefix=${encodeURIComponent(prefix)}`).then(
      ({ items }) => current && setPeople(items),
      (error: CallError) => setTrouble(error.message),
    );
    return () => {
      current = false;
    };
  }, [prefix]);
  const choose = (username: string) =>
    call<{ token: string; userId: string; username: string }>('v1/demo/sessions', {
      method: 'POST',
      body: { username },
    }).then(become, (error: CallError) => setTrouble(error.message));
  return (
    <main class="sign-in">
      <h1>Who would you like to be?</h1>
      <p class="soft">
        All of them are made up, so nobody needs a password. Open a second window and be somebody else there: what you
        do in one shows in the other.
      </p>
      <label>
        Find a name
        <input type="search" value={prefix} maxLength={30} onInput={(event) => setPrefix(event.currentTarget.value)} />
      </label>
      {trouble && (
        <p class="bad" role="alert">
          {trouble}
        </p>
      )}
      <ul class="people">
        {people?.map(({ id, username, followerCount }) => (
          <li key={id}>
            <button type="button" onClick={() => void choose(username)}>
              <Face name={username} />
              <span>
                <b>{username}</b>
                <small>{followerCount.toLocaleString('en')} followers</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {people?.length === 0 && (
        <p>{prefix ? 'Nobody of that name.' : 'Nobody is here yet: run npm run seed, then reload.'}</p>
      )}
    </main>
  );
}
