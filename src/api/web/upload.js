/** What the landing page asks of the API: a token, an upload, and the news of what becomes of it. */

const stored = 'twolane-token';

/** The newcomer's token of this tab, or null. */
export const savedToken = () => sessionStorage.getItem(stored);
export const forgetToken = () => sessionStorage.removeItem(stored);

/** Exchanges the one-time token of the address bar, and takes it out of there whatever comes of it. */
export async function welcome() {
  const here = new URL(location.href);
  const once = here.searchParams.get('token');
  if (once === null) return;
  here.searchParams.delete('token');
  history.replaceState(null, '', here);
  save(await request('v1/welcome', { method: 'POST', json: { token: once } }));
}

/** Makes a token of the user `newcomer` with an API key; the key itself is not kept. */
export async function useKey(key) {
  const body = { userId: 'newcomer', expiresInS: 12 * 3600 };
  save(await request('v1/tokens', { method: 'POST', json: body, token: key }));
}

/** A JSON call with the token. Throws an Error with the problem's detail. */
export async function request(path, { method = 'GET', json, token = savedToken() } = {}) {
  const response = await fetch(path, {
    method,
    headers: {
      ...(json && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: json && JSON.stringify(json),
  });
  const body = await response.json();
  if (!response.ok) throw Object.assign(new Error(body.detail ?? response.statusText), { status: response.status });
  return body;
}

/** Sends one file; `onProgress` gets the part sent, 0 to 1. Resolves to `{id, jobId}` once the bytes are safe. */
export function upload(file, onProgress) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', 'v1/uploads');
    call.setRequestHeader('authorization', `Bearer ${savedToken()}`);
    call.responseType = 'json';
    call.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    call.onerror = () => reject(new Error('The connection broke off.'));
    call.onload = () => {
      if (call.status === 202) resolve(call.response);
      else
        reject(Object.assign(new Error(call.response?.detail ?? 'The upload was refused.'), { status: call.status }));
    };
    const form = new FormData();
    form.append('file', file);
    call.send(form);
  });
}

/**
 * Follows one media until it is ready or failed, across lost connections: `onNews` gets the job and the media.
 * A ticket lives for 60 s, so each connection gets one of its own.
 */
export async function follow({ id, jobId }, onNews) {
  for (;;) {
    const media = await tell(id, jobId, onNews);
    if (media.state !== 'processing') return;
    const { token: ticket } = await request('v1/tokens', { method: 'POST', json: { use: 'stream' } });
    await listen(`v1/media/${id}/events?ticket=${encodeURIComponent(ticket)}`, () => tell(id, jobId, onNews));
  }
}

async function tell(id, jobId, onNews) {
  const [media, job] = await Promise.all([request(`v1/media/${id}`), request(`v1/jobs/${jobId}`)]);
  onNews({ media, job });
  return media;
}

/** Calls `onEvent` for every event, one call at a time; resolves when the stream ends or breaks off. */
function listen(url, onEvent) {
  return new Promise((resolve) => {
    const source = new EventSource(url);
    let busy = Promise.resolve();
    const end = () => {
      source.close();
      busy.then(() => setTimeout(resolve, 500));
    };
    const handle = () => {
      busy = busy.then(onEvent).then((media) => media.state === 'processing' || end(), end);
    };
    for (const name of ['message', 'progress', 'state', 'media', 'job']) source.addEventListener(name, handle);
    source.onerror = end;
  });
}

function save({ token }) {
  sessionStorage.setItem(stored, token);
}
