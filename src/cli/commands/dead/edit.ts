/** `twolane dead edit`: the payload of a dead job in your editor, and the job back in its queue. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddCommand } from '../../commands.ts';
import { exitCodes } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { pretty, printJson } from '../../output/print.ts';
import { stateIn, styleOf } from '../../output/style.ts';
import { clientOf, remote } from '../../remote.ts';
import type { Terminal } from '../../terminal.ts';

export const editCommand: AddCommand = (dead, terminal) => {
  remote(dead.command('edit').description('Edit the payload of a dead job in $EDITOR and retry it'))
    .argument('<id>')
    .action(async (id: string, options) => {
      const client = clientOf(terminal, options);
      const path = { params: { path: { id } } };
      const { state } = await client.job(id);
      if (state !== 'dead')
        throw new CommandError(`Job ${id} is ${state}; only dead jobs are edited.`, exitCodes.refused);
      const before = pretty(await client.get('/v1/jobs/{id}/payload', path));
      const payload = edited(terminal, id, before);
      const moved = await client.post('/v1/jobs/{id}/retry', { ...path, body: { payload } });
      if (options.json) printJson(terminal, moved);
      else terminal.out(`${id}  ${stateIn(styleOf(terminal), moved.state)}\n`);
    });
};

/** @throws CommandError when nothing was changed, or what was saved is no JSON */
function edited({ environment, folder }: Terminal, id: string, before: string): unknown {
  const editor = environment.VISUAL || environment.EDITOR || 'vi';
  const home = mkdtempSync(join(tmpdir(), 'twolane-edit-'));
  const file = join(home, `${id}.json`);
  try {
    writeFileSync(file, `${before}\n`, { mode: 0o600 });
    // Through a shell, since EDITOR may hold arguments.
    const { status, error } = spawnSync(`${editor} "$TWOLANE_EDIT"`, {
      shell: true,
      cwd: folder,
      stdio: 'inherit',
      env: { ...environment, TWOLANE_EDIT: file },
    });
    if (error || status !== 0)
      throw new CommandError(`${editor} ended with ${error?.message ?? status}; nothing was changed.`);
    return changed(before, readFileSync(file, 'utf8'));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function changed(before: string, text: string): unknown {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch (error) {
    throw new CommandError(
      `What you saved is no JSON: ${(error as Error).message}. Nothing was changed.`,
      exitCodes.usage,
    );
  }
  if (pretty(payload) !== before) return payload;
  throw new CommandError(
    'The payload is as it was, so nothing was done. `twolane jobs retry` retries it unchanged.',
    exitCodes.refused,
  );
}
