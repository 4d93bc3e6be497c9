/** What a peer written in Node.js brings: how a process of its own enqueues and works. Each file beside this one is such a set-up. */

/** Where a peer works. It makes what it needs under its name there and removes it afterwards. */
export interface Place {
  /** Unique; of letters, digits and underscores. */
  name: string;
  /** A database of its own, if it asked for one, or the server's. */
  database: string;
  amqp: string;
  redis: string;
  /** What the peer says about a server that it has started. */
  port?: number;
}

export interface Payload {
  /** Milliseconds since 1970. */
  sentAt: number;
}

/** One process's connection to the peer. */
export interface Client {
  /** As a request would: resolves when the job is taken. */
  add(payload: Payload): Promise<unknown>;
  /** As fast as the peer enqueues. */
  addMany(payloads: readonly Payload[]): Promise<unknown>;
  /** Begins to work; `onJob` is told of each job as it starts. Resolves to what ends it. */
  work(onJob: (payload: Payload) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface Peer {
  /** The URLs of `Place` of the servers that it uses. */
  uses: readonly ('database' | 'amqp' | 'redis')[];
  /** Jobs that `addMany` is given at once. */
  batch: number;
  /** Prepares the place, starts a server of its own. */
  open?(place: Place): Promise<Place>;
  /** Adds so many jobs in less time than `addMany`, for a backlog: the same rows, made by one statement. */
  fill?(place: Place, jobs: number): Promise<void>;
  connect(place: Place): Promise<Client>;
  /** Jobs that are not finished by the peer's own account; called when the workers have been given them all. */
  unfinished?(place: Place): Promise<number>;
  storedBytes(place: Place): Promise<number>;
  close?(place: Place): Promise<void>;
}
