/** The peer of the latency at a low rate: each job a row of its own, committed, then a message, and nothing else. */
import { connect } from 'amqplib';
import pg from 'pg';
import { atRate } from '../at-rate.ts';
import { nowMs } from '../jobs.ts';

/**
 * What a program does by hand: insert, commit, publish to a durable queue, consume. Answers how long each took from before
 * its insert to its consumer, milliseconds, in the order of arrival. Both servers are shared with the other scenarios.
 */
export async function plainLatency(urls: { database: string; amqp: string }, perS: number, jobs: number) {
  const pool = new pg.Pool({ connectionString: urls.database, max: 10 });
  const connection = await connect(urls.amqp);
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue(`peer-latency-${process.pid}`, { durable: true });
  try {
    await pool.query('create table if not exists peer_jobs (id bigserial primary key, payload jsonb not null)');
    const waits: number[] = [];
    await channel.prefetch(50);
    const consumed = new Promise<void>((resolve) => {
      void channel.consume(queue, (message) => {
        if (!message) return;
        waits.push(nowMs() - JSON.parse(message.content.toString()).sentAt);
        channel.ack(message);
        if (waits.length === jobs) resolve();
      });
    });
    await atRate(perS, jobs, async () => {
      const sentAt = nowMs();
      const { rows } = await pool.query('insert into peer_jobs (payload) values ($1) returning id', [{ sentAt }]);
      channel.sendToQueue(queue, Buffer.from(JSON.stringify({ id: rows[0].id, sentAt })), { persistent: true });
    });
    await consumed;
    return waits;
  } finally {
    await channel.deleteQueue(queue);
    await connection.close();
    await pool.query('drop table if exists peer_jobs');
    await pool.end();
  }
}
