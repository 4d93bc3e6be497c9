/** One child process that renders images, from its birth to its end: started late, replaced when worn out, killed when stuck. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import { imageEnvironment } from '../child-environment.ts';
import { memoryExitCode, type RenderedImage, type RenderReply, type RenderRequest } from './protocol.ts';

export interface WorkerProcessLimits {
  /** Resident memory at which the child ends itself, bytes. */
  memoryBytes: number;
  /** Wall clock of one image, milliseconds. */
  timeoutMs: number;
}

/** The script beside this file: TypeScript in development, where tsx has to be loaded first, JavaScript after a build. */
function script(): { path: string; execArgv: string[] } {
  const extension = extname(fileURLToPath(import.meta.url));
  const path = fileURLToPath(new URL(`./child${extension}`, import.meta.url));
  if (extension !== '.ts') return { path, execArgv: [] };
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx'));
  return { path, execArgv: ['--import', tsx.href] };
}

export class WorkerProcess {
  /** Images rendered so far. */
  rendered = 0;
  /** Resident memory after the last image: what fragmentation has kept. */
  residentBytes = 0;
  readonly #child: ChildProcess;
  readonly #limits: WorkerProcessLimits;
  #ended = false;

  constructor(limits: WorkerProcessLimits) {
    const { path, execArgv } = script();
    this.#limits = limits;
    this.#child = fork(path, [String(limits.memoryBytes)], {
      execArgv,
      env: imageEnvironment(),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.once('exit', () => this.#end());
    this.#child.once('error', () => this.#end());
  }

  get ended(): boolean {
    return this.#ended;
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
        settle(() => ('image' in reply ? resolve(reply.image) : reject(errorOf(reply.error))));
      };
      const onExit = (code: number | null, by: string | null) => settle(() => reject(crash(code, by)));
      const onError = (error: Error) => settle(() => reject(error));
      child.on('message', onReply).on('exit', onExit).on('error', onError);
      child.send(request, (error) => error && settle(() => reject(crash(child.exitCode, child.signalCode))));
    });
  }
}

function errorOf({ code, message, refused }: { code: string; message: string; refused: boolean }): Error {
  return refused ? new NonRetryableError(message, { code }) : new TwolaneError(code, message);
}

function crash(code: number | null, by: string | null): TwolaneError {
  if (code === memoryExitCode)
    return new TwolaneError('image_too_costly', 'The image needed more memory than an image may use');
  const how = by ? `killed by ${by}` : `exit code ${code}`;
  return new TwolaneError('image_crashed', `The process that decoded the image ended (${how})`);
}
