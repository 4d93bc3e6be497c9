/** Direct messages: the threads, and the one that is open. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type CallError, call, me, ofPerson } from '../api.ts';
import { loadNames, loadThreads, type Message, messagesCame, names, type Thread, threads } from '../world.ts';
import { Face } from './small.tsx';

const open = ofPerson<string | null>(null);

export function Messages() {
  return (
    <section class="card messages" aria-labelledby="messages">
      <header class="pad">
        <h2 id="messages">Messages</h2>
        {open.value && (
          <button type="button" class="quiet end" onClick={() => (open.value = null)}>
            All threads
          </button>
        )}
      </header>
      {open.value ? <OpenThread id={open.value} key={open.value} /> : <Threads />}
    </section>
  );
}

function Threads() {
  return (
    <>
      <NewThread />
      <ul class="lines" id="threads">
        {threads.value.map((thread) => (
          <li key={thread.id}>
            <button type="button" class="thread" onClick={() => (open.value = thread.id)}>
              <Face name={titleOf(thread)} />
              <span>
                <b>{titleOf(thread)}</b>
                <small class="clip">
                  {thread.lastMessage?.hidden ? 'Hidden by a block' : (thread.lastMessage?.text ?? 'No messages yet')}
                </small>
              </span>
              {thread.unreadCount > 0 && <span class="count">{thread.unreadCount} new</span>}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

const titleOf = ({ members }: Thread) =>
  members
    .filter(({ id }) => id !== me.value?.userId)
    .map(({ id, username }) => username ?? id)
    .join(', ');

function NewThread() {
  const [to, setTo] = useState('');
  const [trouble, setTrouble] = useState('');
  const start = async (event: Event) => {
    event.preventDefault();
    try {
      const { items } = await call<{ items: { id: string; username: string }[] }>(
        `v1/demo/people?prefix=${encodeURIComponent(to)}`,
      );
      const found = items.find(({ username }) => username === to.toLowerCase()) ?? items[0];
      if (!found) return setTrouble('Nobody of that name.');
      const { id } = await call<{ id: string }>('v1/threads', { method: 'POST', body: { memberIds: [found.id] } });
      await loadThreads();
      open.value = id;
    } catch (error) {
      setTrouble((error as CallError).message);
    }
  };
  return (
    <form class="pad line" onSubmit={(event) => void start(event)}>
      <label class="hidden" for="to">
        Write to
      </label>
      <input
        id="to"
        value={to}
        required
        maxLength={30}
        placeholder="Write to …"
        onInput={(event) => setTo(event.currentTarget.value)}
      />
      <button type="submit">Open</button>
      {trouble && (
        <p class="bad" role="alert">
          {trouble}
        </p>
      )}
    </form>
  );
}

function OpenThread({ id }: { id: string }) {
  const [messages, setMessages] = useState<Message[]>([]);
  const [text, setText] = useState('');
  const [trouble, setTrouble] = useState('');
  const end = useRef<HTMLOListElement>(null);
  const came = messagesCame.value;
  // Each message that came is a reason to read again.
  useEffect(() => {
    let current = true;
    const read = async () => {
      const { items } = await call<{ items: Message[] }>(`v1/threads/${id}/messages?limit=30`);
      if (!current) return;
      setMessages(items.toReversed());
      await loadNames(items.map(({ senderId }) => senderId));
      if (items[0] && items[0].senderId !== me.value?.userId)
        await call(`v1/threads/${id}/read`, { method: 'POST', body: {} });
    };
    read().catch((error: CallError) => setTrouble(error.message));
    return () => {
      current = false;
    };
  }, [id, came]);
  useEffect(() => end.current?.scrollTo({ top: end.current.scrollHeight }), [messages]);
  const send = async (event: Event) => {
    event.preventDefault();
    try {
      const body = { text, clientMessageId: crypto.randomUUID() };
      setText('');
      await call(`v1/threads/${id}/messages`, { method: 'POST', body });
    } catch (error) {
      setTrouble((error as CallError).message);
    }
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it by keys */}
      <ol class="talk" ref={end} tabIndex={0} aria-label="Messages of this thread" aria-live="polite">
        {messages.map(({ id: key, senderId, text: said, hidden }) => (
          <li key={key} class={senderId === me.value?.userId ? 'mine' : ''}>
            <small>{senderId === me.value?.userId ? 'You' : (names.value[senderId] ?? '…')}</small>
            <p>{hidden ? <i>Hidden by a block</i> : said}</p>
          </li>
        ))}
      </ol>
      <form class="pad line" onSubmit={(event) => void send(event)}>
        <label class="hidden" for="say">
          Message
        </label>
        <input
          id="say"
          value={text}
          required
          maxLength={10_000}
          placeholder="Message"
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="main">
          Send
        </button>
      </form>
      {trouble && (
        <p class="bad pad" role="alert">
          {trouble}
        </p>
      )}
    </>
  );
}
