/** Holds every fan-out at a known place, so that a test can look around, kill a worker or change the post there. */
import pg from 'pg';

const key = 4_711;

/**
 * From now on no fan-out gets past the place, until `release` is called: `start`, before its walk begins; or `middle`, where
 * the first page's feeds are filled, but it can't be settled, nor the second page be enqueued.
 */
export async function holdFanOuts(
  databaseUrl: string,
  place: 'start' | 'middle',
): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`select pg_advisory_lock(${key})`);
  const when = { start: 'before insert', middle: 'before update' }[place];
  const rows = place === 'middle' ? 'when (new.pages = 2 or new.pages_done = 1)' : '';
  await client.query(`
    create function public.hold_fan_out() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(${key});
      return new;
    end $$;
    create trigger hold ${when} on twolane_social.fan_outs for each row ${rows} execute function public.hold_fan_out()`);
  return {
    /** Lets go before the trigger is dropped: what waits in it holds the table. */
    async release() {
      await client.query(`select pg_advisory_unlock(${key})`);
      await client.query('drop function public.hold_fan_out cascade');
      await client.end();
    },
  };
}
