/** The protocol tus 1.0.0 over our uploads: @tus/server for the protocol, our owners, locks, quotas and problems around it. */
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { Server } from '@tus/server';
import type { MediaUploads } from '../../contract/index.ts';
import { Problem, problemOf } from '../../http/problem.ts';
import type { Reply } from '../../http/route.ts';
import { paceWatch, slowest, tooSlow } from '../pace.ts';
import { calls, checksumAlgorithms, presentCall, type TusCall } from './call.ts';
import { TusStore } from './store.ts';

/** How long a request that somebody waits for may go on with what it has, milliseconds. */
const drainMs = 500;

export type TusServer = (req: IncomingMessage, call: TusCall) => Promise<Reply>;

export function tusServer({ uploads, maxUploadBytes }: { uploads: MediaUploads; maxUploadBytes: number }): TusServer {
  const server = new Server({
    // Every request says itself where it is; see `generateUrl`.
    path: '/v1/uploads/tus',
    datastore: new TusStore(uploads),
    maxSize: maxUploadBytes,
    lockDrainTimeout: drainMs,
    disableTerminationForFinishedUploads: true,
    namingFunction: () => uploads.newId(),
    generateUrl: (_req, { id }) => `${presentCall().base}/${id}`,
    getFileIdFromRequest: () => presentCall().id,
    locker: {
      newLock(id) {
        const lock = uploads.lock(id);
        return {
          lock: (signal, release) => lock.take(signal, () => void release()),
          unlock: () => lock.release(),
        };
      },
    },
    async onUploadFinish(_req, { id }) {
      return { headers: mediaHeaders(await uploads.finish(id)) };
    },
    // What goes wrong is told as everywhere else: the router makes the answer.
    onResponseError: (_req, error) => {
      throw explain(error);
    },
  });

  return (req, call) =>
    calls.run(call, async () => {
      const body = new BodyWatch(req);
      try {
        return replyOf(await server.handleWeb(webRequest(req, body.stream)), req.method);
      } catch (error) {
        throw body.slow ? tooSlow() : error;
      } finally {
        body.stop();
      }
    });
}

/** Names of the media in the last answer of an upload. */
export function mediaHeaders({ id, jobId }: { id: string; jobId: string }): Record<string, string> {
  return { 'Twolane-Media-Id': id, 'Twolane-Job-Id': jobId };
}

/**
 * The body of a request that may have one, given up when it drips. A stream of its own, because what ends it must not end the
 * request before that is answered.
 */
class BodyWatch {
  readonly stream: PassThrough | undefined;
  readonly stop: () => void;
  slow = false;

  constructor(req: IncomingMessage) {
    if (req.method !== 'PATCH' && req.method !== 'POST') {
      this.stop = () => undefined;
      return;
    }
    const stream = new PassThrough();
    this.stream = stream;
    // Whoever reads it is told; when nobody does any more, nobody has to be.
    stream.on('error', () => req.unpipe(stream));
    req.once('close', () => req.complete || stream.destroy(new Error('The client went away')));
    this.stop = paceWatch(req, slowest, () => {
      this.slow = true;
      stream.destroy(tooSlow());
    });
    req.pipe(stream);
  }
}

function webRequest(req: IncomingMessage, body: Readable | undefined) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) if (value !== undefined) headers.set(name, String(value));
  const init = { method: req.method ?? 'GET', headers, ...(body && { body: Readable.toWeb(body), duplex: 'half' }) };
  return new Request(`http://uploads${req.url}`, init as RequestInit) as Parameters<Server['handleWeb']>[0];
}

/** CORS is answered for all routes at once, and not here. */
async function replyOf(response: Response, method: string | undefined): Promise<Reply> {
  const all = [...response.headers].filter(
    ([name]) => !name.startsWith('access-control-') && name !== 'content-length',
  );
  const headers = Object.fromEntries(all);
  if (method === 'OPTIONS') headers['tus-checksum-algorithm'] = checksumAlgorithms.join(',');
  return { status: response.status, headers };
}

const titles: Readonly<Record<number, string>> = {
  404: 'Not found',
  409: 'Not possible in this state',
  413: 'Too large',
};

function explain(error: unknown): unknown {
  const { status_code: status, body } = error as { status_code?: number; body?: string };
  if (error instanceof Error && status === undefined) return checksumStatus(problemOf(error), error);
  if (status === undefined) return error;
  return new Problem(status, codes[status] ?? 'tus_refused', titles[status] ?? 'Bad request', String(body).trim());
}

const codes: Readonly<Record<number, string>> = {
  404: 'not_found',
  409: 'upload_conflict',
  413: 'too_large',
  423: 'upload_locked',
};

/** The protocol has a status of its own for bytes that are not those of the checksum. */
function checksumStatus(problem: Problem, error: Error): unknown {
  if (problem.code !== 'checksum_mismatch') return error;
  return new Problem(460, problem.code, problem.title, problem.detail);
}
