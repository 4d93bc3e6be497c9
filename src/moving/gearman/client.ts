/** One connection of a Gearman client: answers in the order of its requests, and within bounds whatever it sends or leaves unread. */
import type { Socket } from 'node:net';
import { BackPressureError, OverloadedError, TwolaneError } from '../../contract/index.ts';
import { type AdminParts, answerLine } from './admin.ts';
import { follow, handleOf } from './follow.ts';
import {
  argumentsOf,
  errorPacket,
  type Message,
  nameOf,
  ProtocolError,
  packet,
  Reader,
  workerPackets,
} from './packets.ts';
import { statusOfHandle, statusOfUnique } from './status.ts';
import { forms, type Submitted, submit } from './submit.ts';

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

/** What all connections share. */
export interface Door extends AdminParts {
  mostBytes: number;
  /** Bytes of packets that are not whole. */
  partial: { bytes: number };
  /** How many connections follow a job. */
  followers: Map<string, number>;
  patienceMs: number;
}

export class Client {
  readonly #socket: Socket;
  readonly #door: Door;
  readonly #reader: Reader;
  readonly #following = new Map<string, () => void>();
  #answers: Promise<void> = Promise.resolve();
  #underWay = 0;
  #exceptions = false;
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
    const working = message.kind === 'line' ? this.#line(message.text) : this.#packet(message.type, message.data);
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

  async #line(text: string): Promise<{ bytes: Buffer | string; submitted?: Submitted }> {
    return { bytes: await answerLine(this.#door, text).catch((error) => `ERR failed ${codeOf(error)}\n`) };
  }

  async #packet(type: number, data: Buffer): Promise<{ bytes: Buffer; submitted?: Submitted }> {
    try {
      const name = nameOf(type);
      const form = name && forms[name];
      if (!form) return { bytes: await this.#ask(type, data) };
      const submitted = await submit(this.#door.platform, this.#door.functions, form, data);
      return { bytes: packet('JOB_CREATED', handleOf(submitted.id)), submitted };
    } catch (error) {
      return { bytes: errorPacket(codeOf(error), textOf(error, this.#door)) };
    }
  }

  async #ask(type: number, data: Buffer): Promise<Buffer> {
    const { platform, functions, followers } = this.#door;
    switch (nameOf(type)) {
      case 'ECHO_REQ':
        return packet('ECHO_RES', data);
      case 'OPTION_REQ':
        return this.#option(data.toString());
      case 'GET_STATUS':
        return statusOfHandle(platform, argumentsOf(data, 1).rest.toString());
      case 'GET_STATUS_UNIQUE':
        return statusOfUnique(platform, functions, data.toString(), (id) => followers.get(id) ?? 0);
      case 'SUBMIT_JOB_SCHED':
        throw new ProtocolError('not_supported', 'Make a schedule with PUT /v1/schedules/:name instead');
      case 'SUBMIT_REDUCE_JOB':
      case 'SUBMIT_REDUCE_JOB_BACKGROUND':
        throw new ProtocolError('not_supported', 'Enqueue a flow with POST /v1/flows instead of a reducer');
    }
    if (workerPackets.has(type))
      throw new ProtocolError('no_workers', 'Gearman workers are not served here: handlers of Twolane run the jobs');
    throw new ProtocolError('unknown_packet', `There is no request of type ${type}`);
  }

  #option(name: string): Buffer {
    if (name !== 'exceptions') throw new ProtocolError('unknown_option', 'The one option there is is "exceptions"');
    this.#exceptions = true;
    return packet('OPTION_RES', name);
  }

  #follow(submitted: Submitted): void {
    const { id } = submitted;
    if (this.#socket.destroyed || this.#following.has(id)) return;
    const { followers } = this.#door;
    followers.set(id, (followers.get(id) ?? 0) + 1);
    const stop = follow(this.#door.platform, submitted, {
      exceptions: () => this.#exceptions,
      write: (bytes) => this.#write(bytes),
      done: () => this.#unfollow(id),
    });
    this.#following.set(id, stop);
  }

  #unfollow(id: string): void {
    this.#following.get(id)?.();
    if (!this.#following.delete(id)) return;
    const { followers } = this.#door;
    const left = (followers.get(id) ?? 1) - 1;
    if (left > 0) followers.set(id, left);
    else followers.delete(id);
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
    for (const id of [...this.#following.keys()]) this.#unfollow(id);
  }
}

function codeOf(error: unknown): string {
  if (error instanceof BackPressureError) return 'queue_full';
  return error instanceof ProtocolError || error instanceof TwolaneError ? error.code : 'internal';
}

/** Errors on purpose say what to do; others are for the log alone. */
function textOf(error: unknown, { platform }: Door): string {
  if (error instanceof OverloadedError) return `${(error as Error).message}. Try again in ${error.retryAfterS} s`;
  if (error instanceof ProtocolError || error instanceof TwolaneError) return error.message;
  platform.logger.error({ error }, 'A request of a Gearman client failed');
  return 'The request failed; the log of the server says why';
}
