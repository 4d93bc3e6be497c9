/** Groups errors that are the same defect: what two jobs must share to stand in one group of the dead letters. */
import { createHash } from 'node:crypto';
import type { JobError } from '../contract/index.ts';

/**
 * Sixteen hex digits over the job type, the error's class and code, its message without what differs from job to job, and
 * the place in our own code that it came from. The place has no line: a group outlives a deployment that moves code.
 */
export function fingerprint(type: string, error: JobError): string {
  return createHash('sha256')
    .update([type, error.name, error.code ?? '', normalised(error.message), ownFrame(error.stack)].join('\n'))
    .digest('hex')
    .slice(0, 16);
}

/** What differs between two errors of one kind, in the order in which it is looked for. */
const variable: readonly RegExp[] = [
  /[\w.+-]+@[\w-]+(\.[\w-]+)+/g, // addresses of people
  /"[^"]*"|`[^`]*`|(?<!\w)'[^']*'(?!\w)/g, // quoted names; an apostrophe inside a word quotes nothing
  /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, // UUIDs
  /(?<![\w:/.])(\/[\w.@-]+){2,}/g, // paths of files
  /\b(?=\w*\d)[\w-]{20,}\b/g, // tokens and names made at run time
  /\b(0x)?[0-9a-f]{8,}\b/gi, // addresses, hashes
  /\d+/g,
];

/** A message with `*` for what differs from job to job; its first 200 characters count. */
export function normalised(message: string): string {
  const generic = variable.reduce((text, pattern) => text.replace(pattern, '*'), message);
  return generic.replace(/\s+/g, ' ').trim().slice(0, 200);
}

/**
 * The topmost frame of a stack that is neither a library nor Node itself, as `function folder/file`. Line, column, the
 * folders above and the extension are left out, so that every machine and build says the same. Empty when there is none.
 */
export function ownFrame(stack = ''): string {
  for (const line of stack.split('\n')) {
    const found = /^\s*at (?:async )?(?:(.+?) \()?(?:file:\/\/)?([^()]+?):\d+:\d+\)?$/.exec(line);
    const [, name = '', file = ''] = found ?? [];
    if (!found || /(^|[\\/])node_modules[\\/]|^node:|^internal\//.test(file)) continue;
    const place = file
      .split(/[\\/]/)
      .slice(-2)
      .join('/')
      .replace(/\.[cm]?[jt]sx?$/, '');
    return `${name.replace(/^new |\s\[as .*\]$/g, '')} ${place}`.trim();
  }
  return '';
}
