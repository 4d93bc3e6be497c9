/** The routes of this product, with Twolane's API and its operator pages mounted among them. */
import express from 'express';
import { transaction } from './database.ts';
import { printAlbum, welcomeUser } from './jobs.ts';
import { askForPassword, authorize } from './operators.ts';
import { fileOf, keepPhoto, photoOf } from './photos.ts';
import { twolane } from './twolane.ts';
import { webhooks } from './webhooks.ts';

export const app = express();
app.use('/background', twolane.api());
app.use('/staff/jobs', askForPassword, twolane.dashboard({ authorize }));

app.use('/hooks/twolane', webhooks);

/** The user and the job are written together: a sign-up that is rolled back welcomes nobody. */
app.post('/users', express.json(), async (req, res) => {
  const { name } = req.body as { name: string };
  const user = await transaction(async (client) => {
    const { rows } = await client.query('insert into users (name) values ($1) returning id::text', [name]);
    const [job] = await twolane.enqueueIn(client, [{ job: welcomeUser, payload: { userId: rows[0].id, name } }]);
    if (name === 'nobody') throw new Error('Nobody may not sign up');
    return { id: rows[0].id, jobId: job?.id };
  });
  res.status(201).json(user);
});

app.post('/users/:id/photos', async (req, res) => {
  res.status(202).json(await keepPhoto(req.params.id, req));
});

/** The bytes as they came, for whoever has the link: Twolane fetches them here. With a bucket this is a signed URL. */
app.get('/originals/:photo', (req, res) => {
  if (/^[0-9a-f-]{36}$/.test(req.params.photo)) res.type('application/octet-stream').sendFile(fileOf(req.params.photo));
  else res.status(404).end();
});

app.get('/users/:id/photos/:photo', async (req, res) => {
  const photo = await photoOf(req.params.id, req.params.photo);
  res.status(photo ? 200 : 404).json(photo ?? {});
});

app.post('/users/:id/album', express.json(), async (req, res) => {
  const { photos } = req.body as { photos: string[] };
  res.status(202).json(await twolane.enqueue(printAlbum, { userId: req.params.id, photos }));
});

app.get('/', (_req, res) => void res.send('Postcards'));
