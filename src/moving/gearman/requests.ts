/** The requests of Gearman clients, each to its answer. Whatever goes wrong is an answer too, and the connection goes on. */
import { BackPressureError, OverloadedError, TwolaneError } from '../../contract/index.ts';
import { type AdminParts, answerLine } from './admin.ts';
import { handleOf } from './follow.ts';
import { argumentsOf, errorPacket, nameOf, ProtocolError, packet, workerPackets } from './packets.ts';
import { statusOfHandle, statusOfUnique } from './status.ts';
import { forms, type Submitted, submit } from './submit.ts';

/** What all connections share. */
export interface Door extends AdminParts {
  /** Of a packet. */
  mostBytes: number;
  /** Bytes of packets that are not whole. */
  partial: { bytes: number };
  /** How many connections follow a job. */
  followers: Map<string, number>;
  /** How long half a packet, and a client that does not read, are borne with, milliseconds. */
  patienceMs: number;
}

/** What a client has asked for with OPTION_REQ. */
export interface ClientOptions {
  exceptions: boolean;
}

export interface Answer {
  bytes: Buffer | string;
  /** The request was a job. */
  submitted?: Submitted;
}

export async function answerText(door: Door, line: string): Promise<Answer> {
  try {
    return { bytes: await answerLine(door, line) };
  } catch (error) {
    return { bytes: `ERR ${codeOf(error)} ${encodeURIComponent(textOf(error, door)).replaceAll('%20', '+')}\n` };
  }
}

export async function answerPacket(door: Door, options: ClientOptions, type: number, data: Buffer): Promise<Answer> {
  try {
    const name = nameOf(type);
    const form = name && forms[name];
    if (!form) return { bytes: await ask(door, options, type, data) };
    const submitted = await submit(door.platform, door.functions, form, data);
    return { bytes: packet('JOB_CREATED', handleOf(submitted.id)), submitted };
  } catch (error) {
    return { bytes: errorPacket(codeOf(error), textOf(error, door)) };
  }
}

/** Every request that submits no job. */
async function ask(door: Door, options: ClientOptions, type: number, data: Buffer): Promise<Buffer> {
  const { platform, functions, followers } = door;
  switch (nameOf(type)) {
    case 'ECHO_REQ':
      return packet('ECHO_RES', data);
    case 'OPTION_REQ':
      return setOption(options, data.toString());
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

function setOption(options: ClientOptions, name: string): Buffer {
  if (name !== 'exceptions') throw new ProtocolError('unknown_option', 'The one option there is is "exceptions"');
  options.exceptions = true;
  return packet('OPTION_RES', name);
}

function codeOf(error: unknown): string {
  if (error instanceof BackPressureError) return 'queue_full';
  return error instanceof ProtocolError || error instanceof TwolaneError ? error.code : 'internal';
}

/** Errors on purpose say what to do; others are for the log alone. */
function textOf(error: unknown, { platform }: Door): string {
  if (error instanceof OverloadedError) return `${error.message}. Try again in ${error.retryAfterS} s`;
  if (error instanceof ProtocolError || error instanceof TwolaneError) return error.message;
  platform.logger.error({ error }, 'A request of a Gearman client failed');
  return 'The request failed; the log of the server says why';
}
