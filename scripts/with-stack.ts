/**
 * Runs a command with the three server URLs in its environment: those that are set, those of the running `npm start`,
 * or those of servers started for it. `node --import tsx scripts/with-stack.ts node --import tsx bench/run.ts`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stackFolder } from './run/folder.ts';
import { StackError, type StackUrls, startStack } from './stack/index.ts';
import { installMissing } from './stack/install.ts';
import { runningUrls } from './stack/lock.ts';

async function run(command: readonly string[], urls: StackUrls): Promise<number> {
  const [program, ...args] = command;
  if (!program) throw new StackError('Which command? Such as: scripts/with-stack.ts node --import tsx bench/run.ts');
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...urls } });
  // The terminal itself tells the child of a Ctrl-C; this process waits for it, so that the servers outlive it.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

async function main(command: readonly string[]): Promise<number> {
  const running = runningUrls(stackFolder);
  if (running) return run(command, { ...running, ...givenUrls() });
  await installMissing('start', process.env);
  const stack = await startStack({ folder: stackFolder, environment: process.env });
  return run(command, stack.urls).finally(stack.stop);
}

function givenUrls(): Partial<StackUrls> {
  const { DATABASE_URL, REDIS_URL, AMQP_URL } = process.env;
  return { ...(DATABASE_URL && { DATABASE_URL }), ...(REDIS_URL && { REDIS_URL }), ...(AMQP_URL && { AMQP_URL }) };
}

process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error instanceof StackError ? error.message : error);
  return 1;
});
