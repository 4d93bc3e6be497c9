/**
 * Runs ffmpeg and ffprobe: the only place that does. fluent-ffmpeg puts the command line together; the process is ours,
 * because its runner probes inputs without our guards and can't kill a process group.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import ffmpeg from 'fluent-ffmpeg';
import { TwolaneError } from '../../contract/index.ts';
import { cage } from '../cage.ts';
import { toolEnvironment } from '../child-environment.ts';
import type { Sight } from '../jail.ts';
import { killGroup } from '../kill-group.ts';
import type { FfmpegCall } from './call.ts';
import { stallWatch } from './stall.ts';

export interface RunOptions {
  /** Working folder of the process. */
  cwd: string;
  signal: AbortSignal;
  /** Each line of standard output as it comes. */
  onLine?: (line: string) => void;
  /** The process is killed when it writes no line for this long and makes no progress of its own, milliseconds. Default 60,000. */
  silenceMs?: number;
  /** How far it gives way to others, 0 to 19. Default 5. */
  niceness?: number;
}

/** The arguments of a call as ffmpeg gets them. */
export function commandLine(call: FfmpegCall): string[] {
  const command = ffmpeg();
  for (const { path, options } of call.inputs) command.input(path).inputOptions(...options);
  for (const { path, options } of call.outputs) command.output(path).outputOptions(...options);
  return command._getArguments();
}

/** Resolves with the end of what ffmpeg had to say. */
export function runFfmpeg(call: FfmpegCall, options: RunOptions): Promise<string> {
  return run('ffmpeg', commandLine(call), options);
}

/** Runs ffprobe and gives what it printed; nothing when the caller listens to each line. */
export async function runFfprobe(args: readonly string[], options: RunOptions): Promise<string> {
  const lines: string[] = [];
  await run('ffprobe', args, { onLine: (line) => lines.length < 20_000 && lines.push(line), ...options });
  return lines.join('\n');
}

const addressBytes = 8 * 1024 ** 3;

/** Its inputs, and the working folder. */
function sightOf(tool: string, args: readonly string[], cwd: string): Sight {
  const inputs = args.flatMap((each) => (each.startsWith('file:') ? each.slice('file:'.length) : []));
  return tool === 'ffmpeg' ? { write: [cwd], read: inputs } : { read: [cwd, ...inputs] };
}

async function run(tool: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { signal, cwd, niceness = 5 } = options;
  signal.throwIfAborted();
  const walls = cage({ addressBytes, niceness, sight: sightOf(tool, args, cwd) });
  const [program = tool, ...rest] = [...walls, tool, ...args];
  const child = spawn(program, rest, {
    cwd,
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = () => killGroup(child.pid);
  const watchdog = stallWatch(child.pid, options.silenceMs ?? 60_000, kill);
  signal.addEventListener('abort', kill, { once: true });
  try {
    return await outcome(tool, child, (line) => {
      watchdog.heard();
      options.onLine?.(line);
    });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (watchdog.fired())
      throw new TwolaneError('video_stalled', `${tool} made no progress any more`, { cause: error });
    throw error;
  } finally {
    watchdog.stop();
    signal.removeEventListener('abort', kill);
  }
}

function outcome(tool: string, child: ChildProcessByStdio<null, Readable, Readable>, onLine: (line: string) => void) {
  let complaints = '';
  createInterface({ input: child.stdout }).on('line', onLine);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2_000);
  });
  return new Promise<string>((resolve, reject) => {
    child.once('error', (error) =>
      reject(new TwolaneError('ffmpeg_missing', `${tool} can't be started: install ffmpeg`, { cause: error })),
    );
    child.once('close', (code, by) => {
      if (code === 0) resolve(complaints);
      else reject(new TwolaneError('ffmpeg_failed', `${tool} ended with ${by ?? code}: ${complaints.trim()}`));
    });
  });
}
