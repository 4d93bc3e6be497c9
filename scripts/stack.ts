/** `npm run stack`: the private servers alone, in the foreground, for those who start the processes by hand. */
import { stackFolder } from './run/folder.ts';
import { keepAlive } from './run/keep-alive.ts';
import { StackError, startStack } from './stack/index.ts';
import { installMissing } from './stack/install.ts';

async function main(): Promise<void> {
  await installMissing('start', process.env);
  const stack = await startStack({ folder: stackFolder, environment: process.env });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= stack.stop();
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stop().then(() => process.exit(0)));
  for (const server of stack.servers) {
    keepAlive(server, (why) => {
      console.error(why);
      void stop().then(() => process.exit(1));
    });
  }
  for (const [name, url] of Object.entries(stack.urls)) console.log(`export ${name}='${url}'`);
  console.log('# Ctrl-C stops them.');
}

await main().catch((error: Error) => {
  console.error(error instanceof StackError ? error.message : error);
  process.exitCode = 1;
});
