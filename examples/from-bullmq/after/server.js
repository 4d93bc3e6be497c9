/** Takes photos to make thumbnails of, and tells how far one is. */
import express from 'express';
import { thumbnails } from './queue.js';

const app = express().use(express.json());

app.post('/photos/:id/thumbnail', async (req, res) => {
  const job = await thumbnails.add(
    'make-thumbnail',
    { photoId: req.params.id, width: req.body.width },
    {
      jobId: `photo-${req.params.id}`,
      attempts: 3,
      backoff: { type: 'exponential', delay: 1000 },
      priority: req.body.hurry ? 1 : 50,
    },
  );
  res.status(202).json({ job: job.id });
});

app.get('/photos/:id/thumbnail', async (req, res) => {
  const job = await thumbnails.getJob(`photo-${req.params.id}`);
  if (!job) return res.status(404).json({ error: 'Nobody asked for it' });
  res.json({ state: await job.getState(), file: job.returnvalue?.file });
});

const server = app.listen(process.env.PORT ?? 4000, '127.0.0.1', () => console.log('listening', server.address().port));
