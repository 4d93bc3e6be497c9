/** The starts of handlers in a chaos run, as their processes have written them down. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

export interface Start {
  key: string;
  id: string;
  attempt: number;
  fence: number;
  pid: number;
}

export function readStarts({ folder }: World): Start[] {
  return readdirSync(join(folder, 'deliveries')).flatMap((file) => {
    // What follows the last line break is a line that was being written.
    const lines = readFileSync(join(folder, 'deliveries', file), 'utf8')
      .split('\n')
      .slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Start);
  });
}
