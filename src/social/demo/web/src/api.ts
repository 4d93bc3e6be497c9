/** Calls of the API as the person that this tab is. The token stays in the tab, so that two windows can be two people. */
import { type Signal, signal } from '@preact/signals';

export interface Me {
  userId: string;
  username: string;
  token: string;
}

const stored = 'twolane-demo';
const kept = sessionStorage.getItem(stored);

/** Who this tab is; null until somebody was chosen. */
export const me = signal<Me | null>(kept === null ? null : (JSON.parse(kept) as Me));

const forgetting: (() => void)[] = [];

/** State that belongs to whoever this tab is: somebody else begins with `initial` again. */
export function ofPerson<T>(initial: T): Signal<T> {
  const made = signal(initial);
  forgetting.push(() => {
    made.value = initial;
  });
  return made;
}

export function become(person: Me | null): void {
  if (person) sessionStorage.setItem(stored, JSON.stringify(person));
  else sessionStorage.removeItem(stored);
  for (const forget of forgetting) forget();
  me.value = person;
}

/** A refusal, in the words of the API. */
export class CallError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The absolute address of a path of the API, wherever the page is mounted. */
export const at = (path: string) => new URL(`../${path}`, new URL('.', location.href)).href;

export async function call<T>(
  path: string,
  { method = 'GET', body }: { method?: string; body?: unknown } = {},
): Promise<T> {
  const headers: Record<string, string> = {};
  if (me.value) headers.authorization = `Bearer ${me.value.token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const answer = await fetch(at(path), {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => {
    throw new CallError(0, 'The API does not answer. Try again in a moment.');
  });
  const text = await answer.text();
  const json = text === '' ? undefined : JSON.parse(text);
  if (answer.ok) return json as T;
  if (answer.status === 401) become(null);
  throw new CallError(answer.status, json?.detail ?? answer.statusText);
}

/** Sends a file; `onSent` gets the part that is sent, 0 to 1. Resolves once the bytes are safe. */
export function upload(file: File, onSent: (part: number) => void): Promise<{ id: string; jobId: string }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', at('v1/uploads'));
    request.setRequestHeader('authorization', `Bearer ${me.value?.token ?? ''}`);
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onSent(total ? loaded / total : 0);
    request.onerror = () => reject(new CallError(0, 'The connection broke off.'));
    request.onload = () =>
      request.status === 202
        ? resolve(request.response)
        : reject(new CallError(request.status, request.response?.detail ?? 'The upload was refused.'));
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}

/** Follows an event stream until the returned function is called; a ticket opens it, so each try gets a new one. */
export function follow(
  path: string,
  names: readonly string[],
  onEvent: (name: string, data: unknown) => void,
): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const later = () => {
    source?.close();
    if (!over) timer = setTimeout(open, 2_000);
  };
  const open = async () => {
    try {
      const { token } = await call<{ token: string }>('v1/tokens', { method: 'POST', body: { use: 'stream' } });
      if (over) return;
      source = new EventSource(at(`${path}?ticket=${encodeURIComponent(token)}`));
      for (const name of names)
        source.addEventListener(name, (event) => onEvent(name, JSON.parse((event as MessageEvent<string>).data)));
      source.onerror = later;
    } catch {
      later();
    }
  };
  void open();
  return () => {
    over = true;
    clearTimeout(timer);
    source?.close();
  };
}
