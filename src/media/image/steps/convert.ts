/** Step 2: HEIC by the system's libvips, in a process of its own, to a TIFF without loss that the next step decodes. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { TwolaneError } from '../../../contract/index.ts';
import { cage } from '../../cage.ts';
import { toolEnvironment } from '../../child-environment.ts';
import { isHeic, readHeader } from '../header.ts';
import type { RenderRequest } from '../protocol.ts';
import { decodingFailed, refuseImage } from '../refusal.ts';
import { type ImageStep, known } from '../step.ts';

/** In the folder of the renditions, which is thrown away when the process dies on the way; `decode` removes it. */
const name = 'converted.tif';
const cpuS = 60;

export const convert: ImageStep = async (work) => {
  if (!isHeic(known(work.header))) return work;
  const input = join(work.request.folder, name);
  await heicToTiff(work.request, input);
  const header = await readHeader(input);
  // Upright already: libheif has applied the rotation that the file asks for, and no EXIF orientation counts in HEIF.
  return { ...work, input, header, original: { width: header.width, height: header.height } };
};

async function heicToTiff({ input, tool }: RenderRequest, output: string): Promise<void> {
  const limits = cage({ dataBytes: tool.memoryBytes, cpuS });
  const [program = '', ...args] = [...limits, tool.program, 'heifload', input, output, '--fail-on', 'error'];
  const { code, complaints } = await run(program, args);
  if (code === 0) return;
  // 127: a program of the cage did not find it.
  if (code === 127 || code === undefined)
    refuseImage('heic_unsupported', `HEIC photos can't be read here: the program "${tool.program}" is not installed`);
  if (/unsupported (feature|codec)|is not a known|unknown action/i.test(complaints))
    refuseImage('heic_unsupported', `HEIC photos of this kind can't be read here: ${complaints.trim()}`);
  decodingFailed(new Error(complaints.trim() || `${tool.program} ended with ${code}`));
}

interface Ended {
  /** A number, or the name of a signal; undefined when the program could not be started. */
  code: number | string | undefined;
  complaints: string;
}

function run(program: string, args: readonly string[]): Promise<Ended> {
  const env = { ...toolEnvironment(), VIPS_CONCURRENCY: '1', VIPS_BLOCK_UNTRUSTED: '1' };
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-1_000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ code: undefined, complaints });
      else reject(new TwolaneError('image_failed', `vips can't be started: ${error.message}`, { cause: error }));
    });
    child.once('close', (code, by) => resolve({ code: by ?? code ?? undefined, complaints }));
  });
}
