/** One child process that renders images, from its birth to its end: started late, replaced when worn out, killed when stuck. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { basename, extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import { cage } from '../cage.ts';
import { imageEnvironment } from '../child-environment.ts';
import {
  cpuExitCode,
  memoryExitCode,
  type RenderedImage,
  type RenderReply,
  type RenderRequest,
  tooCostlyCode,
} from './protocol.ts';

export interface WorkerProcessLimits {
  /** Resident memory at which the child ends itself, bytes; the kernel allows some more. */
  memoryBytes: number;
  /** Wall clock of one image, milliseconds. */
  timeoutMs: number;
  /** Processor time of one image, milliseconds. */
  cpuMs: number;
  /** How far it gives way to other processes, 0 to 19. Default 0. */
  niceness?: number;
}

/** What Node.js itself and the stacks of its threads need beside the pixels, bytes. */
const ownBytes = 768 * 1024 ** 2;
/** Processor time of one process in images that take all they may: what the kernel allows it over its life. */
const costlyImages = 10;

export class WorkerProcess {
  /** Images rendered so far. */
  rendered = 0;
  /** Resident memory after the last image: what fragmentation has kept. */
  residentBytes = 0;
  /** Processor time so far. */
  cpuMs = 0;
  readonly #child: ChildProcess;
  readonly #limits: WorkerProcessLimits;
  #ended = false;

  constructor(limits: WorkerProcessLimits) {
    this.#limits = limits;
    this.#child = startChild(limits);
    this.#child.once('exit', () => this.#end());
    this.#child.once('error', () => this.#end());
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether the kernel would end it before an image has had all the processor time that it may have. */
  get tired(): boolean {
    return this.cpuMs > this.#limits.cpuMs * (costlyImages - 2);
  }

  /** Renders one image; only one at a time. Aborting or the time limit kills the process. */
  async render(request: RenderRequest, signal: AbortSignal): Promise<RenderedImage> {
    const limit = AbortSignal.timeout(this.#limits.timeoutMs);
    const stop = AbortSignal.any([signal, limit]);
    const kill = () => this.kill();
    stop.addEventListener('abort', kill, { once: true });
    try {
      signal.throwIfAborted();
      return await this.#exchange(request);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (limit.aborted) throw new TwolaneError('image_timed_out', `The image took over ${this.#limits.timeoutMs} ms`);
      throw error;
    } finally {
      stop.removeEventListener('abort', kill);
      this.rendered += 1;
    }
  }

  /** Ends the process at once, whatever it is doing. */
  kill(): void {
    this.#child.kill('SIGKILL');
    this.#end();
  }

  #end(): void {
    this.#ended = true;
  }

  #exchange(request: RenderRequest): Promise<RenderedImage> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        child.off('message', onReply).off('exit', onExit).off('error', onError);
        finish();
      };
      const onReply = (reply: RenderReply) => {
        this.residentBytes = reply.residentBytes;
        this.cpuMs = reply.cpuMs;
        settle(() => ('image' in reply ? resolve(reply.image) : reject(errorOf(reply.error))));
      };
      const fail = (code: number | null, by: string | null) =>
        settle(() => reject(crash(code, by, basename(request.input))));
      const onExit = fail;
      const onError = (error: Error) => settle(() => reject(error));
      child.on('message', onReply).on('exit', onExit).on('error', onError);
      child.send(request, (error) => error && fail(child.exitCode, child.signalCode));
    });
  }
}

function startChild({ memoryBytes, cpuMs, niceness = 0 }: WorkerProcessLimits): ChildProcess {
  const { path, execArgv } = script();
  const cpuS = Math.ceil((cpuMs * costlyImages) / 1_000);
  const [program = process.execPath, ...rest] = [
    ...cage({ dataBytes: memoryBytes + ownBytes, cpuS, niceness }),
    process.execPath,
    ...execArgv,
  ];
  return fork(path, [String(memoryBytes), String(cpuMs)], {
    execPath: program,
    execArgv: rest,
    env: imageEnvironment(),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** The script beside this file: TypeScript in development, where tsx has to be loaded first, JavaScript after a build. */
function script(): { path: string; execArgv: string[] } {
  const extension = extname(fileURLToPath(import.meta.url));
  const path = fileURLToPath(new URL(`./child${extension}`, import.meta.url));
  if (extension !== '.ts') return { path, execArgv: [] };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx'));
  return { path, execArgv: ['--import', tsx.href] };
}

function errorOf({ code, message, refused }: { code: string; message: string; refused: boolean }): Error {
  return refused ? new NonRetryableError(message, { code }) : new TwolaneError(code, message);
}

function crash(code: number | null, by: string | null, file: string): TwolaneError {
  if (code === memoryExitCode)
    return new TwolaneError(tooCostlyCode, 'The image needed more memory than an image may use');
  if (code === cpuExitCode || by === 'SIGXCPU')
    return new TwolaneError(tooCostlyCode, 'The image needed more processor time than an image may use');
  const how = by ? `killed by ${by}` : `exit code ${code}`;
  return new TwolaneError('image_crashed', `The process that decoded the image ${file} ended (${how})`);
}
