/** The web process: it serves the app and the API, and enqueues. Jobs run where `npm run worker` runs. */
import { once } from 'node:events';
import { app } from './app.ts';
import { createTables, pool } from './database.ts';
import { settings } from './settings.ts';
import { twolane } from './twolane.ts';
import { askForWebhook } from './webhooks.ts';

await createTables();
await twolane.migrate();
await twolane.start();
// One scheduler at least has to run somewhere: it releases what waits. More of them take turns.
await twolane.scheduler().start();

const server = app.listen(settings.port, '127.0.0.1');
await once(server, 'listening');
await askForWebhook();
console.log(`Postcards on ${settings.origin}`);

process.once('SIGTERM', async () => {
  server.close();
  server.closeAllConnections();
  await twolane.stop();
  await pool.end();
});
