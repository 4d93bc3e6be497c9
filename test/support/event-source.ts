/** Reads server-sent events as a browser does: the last id is kept for the next connect. */

export interface ServerEvent {
  id: string | undefined;
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: the data is whatever the API says; the tests look at its fields
  data: any;
  /** `performance.now()` when it was read. */
  at: number;
}

export class EventReader {
  readonly events: ServerEvent[] = [];
  readonly #over = new AbortController();
  lastEventId: string | undefined;

  /** Resolves once the stream has begun. */
  async open(url: string, headers: Record<string, string> = {}): Promise<this> {
    const resume: Record<string, string> = this.lastEventId === undefined ? {} : { 'last-event-id': this.lastEventId };
    const response = await fetch(url, { headers: { ...headers, ...resume }, signal: this.#over.signal });
    if (response.status !== 200 || !response.body) throw new Error(`The stream was answered with ${response.status}`);
    this.#read(response.body).catch(() => undefined);
    return this;
  }

  of(event: string): ServerEvent[] {
    return this.events.filter((one) => one.event === event);
  }

  close(): void {
    this.#over.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      const frames = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames) this.#take(frame);
    }
  }

  #take(frame: string): void {
    const fields = new Map(
      frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
    );
    const data = fields.get('data');
    if (data === undefined) return;
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    this.events.push({
      id: fields.get('id'),
      event: fields.get('event') ?? 'message',
      data: JSON.parse(data),
      at: performance.now(),
    });
  }
}
