/** /v1/uploads/tus: resumable uploads by the protocol tus 1.0.0, for every client that speaks it. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import { notFound } from '../../http/problem.ts';
import { type Actor, type Call, type Reply, type Route, route } from '../../http/route.ts';
import { drain } from '../drain.ts';
import { checksumOf } from '../tus/call.ts';
import { mediaHeaders, tusServer } from '../tus/server.ts';
import type { MediaDeps } from './media-routes.ts';

const path = '/v1/uploads/tus';
const params = z.object({ id: z.string().regex(/^[0-9a-f]{32}$/) });
const version = { 'Tus-Resumable': '1.0.0' };

interface TusRequest {
  req: Request;
  res: Response;
  userId: string;
  actor: Actor;
  params?: { id: string };
}

export function tusRoutes(deps: MediaDeps): Route[] {
  const { uploads } = deps;
  const serve = tusServer(deps);

  async function handle({ req, res, userId, actor, params: of }: TusRequest): Promise<Reply> {
    // Also with what goes wrong.
    res.set(version);
    try {
      const finished = of && (await own(of.id, { userId, actor }, req.method));
      const checksum = checksumOf(req.get('upload-checksum'));
      const base = req.baseUrl + path;
      const reply = await serve(req, { userId, tenant: actor.tenant, base, id: of?.id, checksum });
      return reply === 'streamed' ? reply : { ...reply, headers: { ...reply.headers, ...finished } };
    } catch (error) {
      drain(req);
      throw error;
    }
  }

  /** For everyone but its owner there is no such upload. One that is complete and no media yet becomes one before HEAD is answered. */
  async function own(id: string, { userId, actor }: Pick<TusRequest, 'userId' | 'actor'>, method: string) {
    const found = await uploads.find(id);
    if (found?.ownerId !== userId || (actor.tenant !== undefined && found.tenant !== actor.tenant))
      throw notFound('upload');
    const complete = found.bytes === found.received && found.bytes > 0;
    return complete && method === 'HEAD' ? mediaHeaders(await uploads.finish(id)) : {};
  }

  const common = { tag: 'Media', access: 'user', tenant: 'own', scope: 'media:write' } as const;
  return [
    route({
      ...common,
      method: 'post',
      path,
      summary: 'Begin a resumable upload (tus 1.0.0); its `Location` takes the bytes',
      answer: { status: 201, description: 'The upload is at `Location`. `Upload-Offset` when bytes came along.' },
      handle: (call) => handle(call),
    }),
    route({
      ...common,
      method: 'head',
      path: `${path}/:id`,
      summary: 'Where a resumable upload stands',
      params,
      answer: {
        status: 200,
        description: '`Upload-Offset` and `Upload-Length`; `Twolane-Media-Id` once it is complete.',
      },
      handle: (call: Call<{ id: string }>) => handle(call),
    }),
    route({
      ...common,
      method: 'patch',
      path: `${path}/:id`,
      summary: 'Send bytes to a resumable upload; the last answer carries `Twolane-Media-Id`',
      params,
      answer: { status: 204, description: 'They are safe; `Upload-Offset` says how far it is.' },
      handle: (call: Call<{ id: string }>) => handle(call),
    }),
    route({
      ...common,
      method: 'delete',
      path: `${path}/:id`,
      summary: 'Give a resumable upload up',
      params,
      answer: { status: 204, description: 'All that came is gone.' },
      handle: (call: Call<{ id: string }>) => handle(call),
    }),
    ...[path, `${path}/:id`].map((each) =>
      route({
        ...common,
        access: 'open',
        method: 'options',
        path: each,
        summary: 'What the server of resumable uploads can do',
        answer: { status: 204, description: '`Tus-Version`, `Tus-Extension`, `Tus-Max-Size`.' },
        handle: (call) => handle({ req: call.req, res: call.res, userId: '', actor: call.actor }),
      }),
    ),
  ];
}
