/** What a server of the stack is: how to find it, prepare its folder, run it and ask it whether it answers. */
import type { Command } from './launch.ts';

export const serverNames = ['postgres', 'redis', 'rabbitmq'] as const;
export type ServerName = (typeof serverNames)[number];

/** The environment variable that names a server, and the URL it holds. */
export type StackUrls = { DATABASE_URL: string; REDIS_URL: string; AMQP_URL: string };

/** Where one private server lives. */
export interface Place {
  /** Absolute; `data` inside holds what `wipe` deletes, the rest survives it. */
  folder: string;
  data: string;
  /** Three free ports of its own: the first for clients, the others where a server needs more. */
  ports: readonly [number, number, number];
  password: string;
  /** False trades safety at a power cut for speed: for tests. */
  sync: boolean;
}

/** What a real client heard. */
export interface Answer {
  version: string;
  /** What makes the server unfit for Twolane although it answers, and the cure. */
  complaint?: string;
}

export interface ServerProgram {
  name: ServerName;
  /** As people write it. */
  title: string;
  urlName: keyof StackUrls;
  /** Oldest version that will do. */
  minimum: string;
  /** The folder or file of the installed program; undefined when it is not there. */
  find(): string | undefined;
  /** Makes the folder ready: configuration, first data. Runs before every start. */
  prepare(place: Place): Promise<void>;
  command(place: Place): Command;
  /** Small helpers that run beside the server, ended with it. */
  companions?(place: Place): Command[];
  url(place: Place): string;
  /** Asks as a real client; rejects while the server does not answer. */
  ask(url: string): Promise<Answer>;
  /** Asks for an orderly stop that does not wait for clients. */
  stopSignal: NodeJS.Signals;
  /** True when the output says that an earlier run has not let go yet, so that another try makes sense. */
  isBusyWith?(output: string): boolean;
}

/** A failure that the person at the keyboard can cure; the message says how. */
export class StackError extends Error {
  override name = 'StackError';
}
