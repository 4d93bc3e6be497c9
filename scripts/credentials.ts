/** `npm run credentials`: prints the first credentials that `npm start` made, and where its servers are while it runs. */
import { keptCredentials } from './run/credentials.ts';
import { stackFolder } from './run/folder.ts';
import { runningUrls } from './stack/lock.ts';

const { apiKey, operatorPassword } = keptCredentials(stackFolder);
if (!apiKey || !operatorPassword) {
  console.error('There are no credentials yet: `npm start` makes them.');
  process.exitCode = 1;
} else {
  console.log(`API key       ${apiKey}`);
  console.log('Operator      admin');
  console.log(`Password      ${operatorPassword}`);
  for (const [name, url] of Object.entries(runningUrls(stackFolder) ?? {})) console.log(`${name.padEnd(14)}${url}`);
}
