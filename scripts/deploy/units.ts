/** The systemd units, by systemd itself. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deploy, filesIn, textOf } from './files.ts';

const units = [...filesIn('systemd', '.service'), ...filesIn('systemd', '.target')];
/** The program of the units is not installed where they are checked. */
const expected = /Command \/usr\/bin\/\S+ is not executable/;

export async function unitFindings(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'twolane-units-'));
  try {
    cpSync(join(deploy, 'systemd'), folder, { recursive: true });
    const { stderr, error } = spawnSync('systemd-analyze', ['verify', ...units.map((unit) => join(folder, unit))], {
      encoding: 'utf8',
    });
    if (error) return ['systemd-analyze is missing: apt-get install systemd'];
    const lines = stderr.split('\n').filter((line) => line.includes('twolane') && !expected.test(line));
    return lines.map((line) => line.replaceAll(`${folder}/`, ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The arguments with which each unit starts its role; an instance of a template is the real-time lane. */
export function unitCommands(): { name: string; args: string[] }[] {
  return filesIn('systemd', '.service').map((name) => {
    const command = /^ExecStart=\/usr\/bin\/twolane (.+)$/m.exec(textOf('systemd', name))?.[1] ?? '';
    return { name, args: command.replaceAll('%i', 'realtime').split(' ') };
  });
}
