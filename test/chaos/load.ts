/**
 * What clients do in a chaos run, and what they were promised: jobs of every kind on both lanes, photos, posts and likes. The
 * ledger of what was sent and what was accepted is kept here and appended to a file, outside of everything that is hurt.
 */
import { appendFileSync } from 'node:fs';
import sharp from 'sharp';
import { type Chance, pick } from '../../scripts/demo/chance.ts';
import type { Client, Outcome } from './client.ts';
import type { ChaosPayload } from './jobs.ts';

/** What was accepted, by what came of it. */
export interface Accepted {
  /** Id by key, of jobs that have to have their effect. */
  jobs: Map<string, string>;
  /** Ids of jobs that end their process whenever they run. */
  poison: Set<string>;
  media: Set<string>;
  posts: Set<string>;
  /** `post/user`. */
  likes: Set<string>;
}

interface NewJob {
  type: string;
  payload: ChaosPayload;
  options: Record<string, unknown>;
}

const mostUnderWay = 1_000;
const lanes = ['realtime', 'bulk'] as const;

export class Load {
  readonly accepted: Accepted = {
    jobs: new Map(),
    poison: new Set(),
    media: new Set(),
    posts: new Set(),
    likes: new Set(),
  };
  /** Refusals for good, which nothing in a chaos run explains. */
  readonly refused: string[] = [];
  readonly sent = new Set<string>();
  unknown = 0;
  readonly #client: Client;
  readonly #draw: Chance;
  readonly #file: string;
  readonly #underWay = new Set<Promise<void>>();
  #number = 0;
  #running = false;
  #loops: Promise<void>[] = [];

  /** @param file the ledger, one line of JSON per answer */
  constructor(client: Client, draw: Chance, file: string) {
    this.#client = client;
    this.#draw = draw;
    this.#file = file;
  }

  /** Begins to send so many jobs a second, in requests of one and of twenty, and a little of everything else. */
  start(perS: number): void {
    this.#running = true;
    this.#loops = [
      this.#every(
        () => 2_000 / perS,
        () => this.#jobs(1),
      ),
      this.#every(
        () => 40_000 / perS,
        () => this.#jobs(20),
      ),
      this.#every(
        () => 1_500,
        () => this.#photoAndPost(),
      ),
      ...[1, 2, 3, 4].map((n) => this.#inOrder(`order ${n}`, lanes[n % 2] as (typeof lanes)[number])),
    ];
  }

  /** Stops sending and waits until every request has an answer. */
  async stop(): Promise<void> {
    this.#running = false;
    await Promise.all(this.#loops);
    await Promise.all(this.#underWay);
  }

  /** One urgent job now, which waits behind no backlog; answers its key once it is accepted. */
  async one(lane: (typeof lanes)[number], more: Partial<ChaosPayload> = {}): Promise<{ key: string; id: string }> {
    const job = this.#newJob(lane, more, { priority: 'urgent' });
    await this.#post([job]);
    const { key } = job.payload;
    return { key, id: this.accepted.jobs.get(key) ?? '' };
  }

  /** Ids that were accepted lately, some of which have run and some not. */
  recent(count: number): { key: string; id: string }[] {
    return [...this.accepted.jobs].slice(-count).map(([key, id]) => ({ key, id }));
  }

  async #every(ms: () => number, send: () => Promise<void>): Promise<void> {
    let due = performance.now();
    while (this.#running) {
      due = Math.max(due + ms(), performance.now() - 1_000);
      // A system that does not answer is not buried under more.
      if (this.#underWay.size < mostUnderWay) this.#track(send());
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    }
  }

  /** Jobs of one key, each sent once the one before was accepted: they have to have their effects in this order. */
  async #inOrder(key: string, lane: (typeof lanes)[number]): Promise<void> {
    while (this.#running) {
      await this.#post([this.#newJob(lane, { takesMs: 5 }, { key })]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  #track(work: Promise<void>): void {
    const noted = work.finally(() => this.#underWay.delete(noted));
    this.#underWay.add(noted);
  }

  async #jobs(count: number): Promise<void> {
    await this.#post(Array.from({ length: count }, () => this.#anyJob()));
  }

  #anyJob(): NewJob {
    const lane = pick(this.#draw, lanes);
    const kind = this.#draw();
    if (kind < 0.03) return this.#newJob(lane, {}, { delayMs: Math.ceil(this.#draw() * 5_000) });
    if (kind < 0.06) return this.#newJob(lane, { fails: true });
    if (kind < 0.09) return this.#newJob(lane, { follow: true });
    if (kind < 0.12) return this.#newJob(lane, { files: true });
    if (kind < 0.14) return this.#newJob(lane, { takesMs: Math.ceil(this.#draw() * 1_000) });
    return this.#newJob(lane, {}, { priority: pick(this.#draw, ['high', 'normal', 'low']) });
  }

  #newJob(lane: (typeof lanes)[number], more: Partial<ChaosPayload>, options: Record<string, unknown> = {}): NewJob {
    const key = `${lane} ${++this.#number}`;
    return {
      type: `chaos-${lane}`,
      payload: { key, ...more },
      options: { idempotencyKey: key, version: 1, ...options },
    };
  }

  async #post(jobs: readonly NewJob[]): Promise<void> {
    for (const { payload } of jobs) this.sent.add(payload.key);
    const [only, ...others] = jobs;
    const outcome = await this.#client.send(
      others.length === 0
        ? { method: 'POST', path: '/v1/jobs', body: only }
        : { method: 'POST', path: '/v1/jobs/bulk', body: { jobs } },
    );
    const answers = outcome.kind === 'accepted' ? (outcome.body.jobs ?? [outcome.body]) : [];
    for (const [n, { payload }] of jobs.entries()) {
      const id = answers[n]?.id as string | undefined;
      if (id && payload.kills) this.accepted.poison.add(id);
      else if (id) this.accepted.jobs.set(payload.key, id);
      if (id && payload.follow) this.sent.add(`${payload.key}/next`);
      this.#write(payload.key, outcome, id);
    }
  }

  /** A photo that nobody has uploaded before, a post with it, and a like for it. */
  async #photoAndPost(): Promise<void> {
    const n = ++this.#number;
    const user = `author-${n % 20}`;
    const bytes = await noise(n);
    const form = () => {
      const fields = new FormData();
      fields.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'photo.png');
      return fields;
    };
    const media = await this.#client.send({ method: 'POST', path: '/v1/uploads', user, form });
    this.#write(`photo ${n}`, media, media.kind === 'accepted' ? media.body.id : undefined);
    if (media.kind !== 'accepted') return;
    this.accepted.media.add(media.body.id);
    const body = { mediaIds: [media.body.id], caption: `Photo ${n} #chaos` };
    const post = await this.#client.send({
      method: 'POST',
      path: '/v1/posts',
      user,
      body,
      idempotencyKey: `post-${n}`,
    });
    this.#write(`post ${n}`, post, post.kind === 'accepted' ? post.body.id : undefined);
    if (post.kind === 'accepted') this.accepted.posts.add(post.body.id);
    await this.#like(`fan-${n % 500}`);
  }

  async #like(user: string): Promise<void> {
    const posts = [...this.accepted.posts];
    if (posts.length < 5) return;
    const post = pick(this.#draw, posts.slice(-50, -4));
    const outcome = await this.#client.send({ method: 'PUT', path: `/v1/posts/${post}/like`, user });
    if (outcome.kind === 'accepted') this.accepted.likes.add(`${post}/${user}`);
    // Its photo is not ready yet.
    else if (outcome.kind === 'refused' && outcome.status === 404) return;
    this.#write(`like ${post}/${user}`, outcome, undefined);
  }

  #write(key: string, outcome: Outcome, id: string | undefined): void {
    if (outcome.kind === 'refused') this.refused.push(`${key}: ${outcome.status} ${outcome.why}`);
    if (outcome.kind === 'unknown') this.unknown += 1;
    appendFileSync(this.#file, `${JSON.stringify({ at: Date.now(), key, ...outcome, body: undefined, id })}\n`);
  }
}

async function noise(seed: number): Promise<Buffer> {
  const side = 64;
  const pixels = Buffer.alloc(side * side * 3, seed % 256);
  pixels.writeUInt32BE(seed, 0);
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();
}
