/** Bare Express: one route that parses JSON, inserts a row and answers with its id. NODE_ENV=production, a pool of 12 connections. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import pg from 'pg';
import { obeyOrders } from '../child.ts';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 12 });
await pool.query('create table bare_jobs (id bigserial primary key, type text not null, payload jsonb not null)');
const app = express()
  .use(express.json())
  .post('/v1/jobs', async (request, response) => {
    const { type, payload } = request.body;
    const insert = { name: 'insert', text: 'insert into bare_jobs (type, payload) values ($1, $2) returning id' };
    const { rows } = await pool.query({ ...insert, values: [type, payload] });
    response.status(202).json({ id: rows[0].id });
  });
const server = createServer(app).listen(0, '127.0.0.1');
await once(server, 'listening');

obeyOrders<{ order: 'serve' | 'stop' }>(async ({ order }) => {
  if (order === 'serve') return (server.address() as AddressInfo).port;
  server.closeAllConnections();
  server.close();
  return pool.end();
});
