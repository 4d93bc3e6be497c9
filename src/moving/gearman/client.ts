/** One connection of a Gearman client: answers in the order of its requests, and within bounds whatever it sends or leaves unread. */
import type { Socket } from 'node:net';
import { follow } from './follow.ts';
import { errorPacket, type Message, ProtocolError, Reader } from './packets.ts';
import { type Answer, answerPacket, answerText, type ClientOptions, type Door } from './requests.ts';
import type { Submitted } from './submit.ts';

export const limits = {
  /** Requests of one connection that are under way; beyond it the connection is not read. */
  underWay: 200,
  /** A packet must be whole this long after its first byte, and a client must read what it was sent. Milliseconds. */
  patienceMs: 60_000,
  /** Bytes that a client may leave unread before the connection is ended. */
  unreadBytes: 32 * 1024 * 1024,
  /** Bytes of packets that are not whole, over all connections. */
  partialBytes: 256 * 1024 * 1024,
} as const;

/** A job that the client waits for. */
interface Following {
  id: string;
  stop(): void;
}

export class Client {
  readonly #socket: Socket;
  readonly #door: Door;
  readonly #reader: Reader;
  readonly #options: ClientOptions = { exceptions: false };
  readonly #following = new Set<Following>();
  #answers: Promise<void> = Promise.resolve();
  #underWay = 0;
  /** Nothing more is read: the stream makes no sense any more, or the door closes. */
  #over = false;
  #held = 0;
  #partialTimer: NodeJS.Timeout | undefined;
  #unreadTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, door: Door) {
    this.#socket = socket;
    this.#door = door;
    this.#reader = new Reader(door.mostBytes);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('drain', () => {
      clearTimeout(this.#unreadTimer);
      this.#unreadTimer = undefined;
      this.#readOn();
    });
    socket.on('error', (error) => door.platform.logger.debug({ reason: error.message }, 'A Gearman client was lost'));
    socket.on('close', () => this.#onClose());
  }

  /** Ends the connection when what is under way was answered; the jobs go on. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#answers;
    this.#socket.destroySoon();
  }

  #onData(chunk: Buffer): void {
    if (this.#over) return;
    try {
      for (const message of this.#reader.feed(chunk)) this.#take(message);
      this.#hold(this.#reader.held);
    } catch (error) {
      const { code, message } = error as ProtocolError;
      this.#over = true;
      this.#answer(async () => {
        this.#write(errorPacket(code, message));
        this.#socket.destroySoon();
      });
    }
    if (this.#underWay >= limits.underWay) this.#socket.pause();
  }

  /** Packets that are not whole are bounded in time, and in bytes over all connections. */
  #hold(bytes: number): void {
    this.#door.partial.bytes += bytes - this.#held;
    this.#held = bytes;
    if (this.#door.partial.bytes > limits.partialBytes)
      throw new ProtocolError('overloaded', 'Too many large packets are on their way; try again in a second');
    if (bytes === 0) clearTimeout(this.#partialTimer);
    if (bytes === 0) this.#partialTimer = undefined;
    else
      this.#partialTimer ??= setTimeout(() => this.#giveUp('a packet did not come to its end'), this.#door.patienceMs);
  }

  #take(message: Message): void {
    const working = this.#work(message);
    this.#answer(async () => {
      const { bytes, submitted } = await working;
      this.#write(bytes);
      if (submitted && !submitted.background) this.#follow(submitted);
    });
  }

  /** Work begins at once, answers go out in the order of the requests: clients tell them apart by nothing else. */
  #answer(say: () => Promise<void>): void {
    this.#underWay++;
    this.#answers = this.#answers.then(say).finally(() => {
      this.#underWay--;
      this.#readOn();
    });
  }

  #work(message: Message): Promise<Answer> {
    if (message.kind === 'line') return answerText(this.#door, message.text);
    return answerPacket(this.#door, this.#options, message.type, message.data);
  }

  /** Once for each request: a client that submits the same twice waits for two answers. */
  #follow(submitted: Submitted): void {
    if (this.#socket.destroyed) return;
    const { followers } = this.#door;
    const { id } = submitted;
    followers.set(id, (followers.get(id) ?? 0) + 1);
    const stop = follow(this.#door.platform, submitted, {
      exceptions: () => this.#options.exceptions,
      write: (bytes) => this.#write(bytes),
      done: () => this.#unfollow(following),
    });
    const following = { id, stop };
    this.#following.add(following);
  }

  #unfollow(following: Following): void {
    following.stop();
    if (!this.#following.delete(following)) return;
    const { followers } = this.#door;
    const left = (followers.get(following.id) ?? 1) - 1;
    if (left > 0) followers.set(following.id, left);
    else followers.delete(following.id);
  }

  #write(bytes: Buffer | string): void {
    if (this.#socket.destroyed) return;
    if (this.#socket.write(bytes)) return;
    this.#socket.pause();
    if (this.#socket.writableLength > limits.unreadBytes) this.#giveUp('a client left too much unread');
    else this.#unreadTimer ??= setTimeout(() => this.#giveUp('a client does not read'), this.#door.patienceMs);
  }

  #readOn(): void {
    if (!this.#socket.writableNeedDrain && this.#underWay < limits.underWay) this.#socket.resume();
  }

  #giveUp(why: string): void {
    this.#door.platform.logger.warn({ why, bytes: this.#held }, 'A Gearman connection is ended');
    this.#socket.destroy();
  }

  #onClose(): void {
    clearTimeout(this.#partialTimer);
    clearTimeout(this.#unreadTimer);
    this.#door.partial.bytes -= this.#held;
    this.#held = 0;
    for (const following of [...this.#following]) this.#unfollow(following);
  }
}
