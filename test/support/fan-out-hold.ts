/** Holds every fan-out at a known place, so that a test can kill its worker there: after the first page, before the second. */
import pg from 'pg';

const key = 4_711;

/**
 * From now on the first page of any fan-out can't be settled, nor the second be enqueued, until `release` is called.
 * The feeds of the first page are filled by then.
 */
export async function holdFanOuts(databaseUrl: string): Promise<{ release(): Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`select pg_advisory_lock(${key})`);
  await client.query(`
    create function public.hold_fan_out() returns trigger language plpgsql as $$
    begin
      perform pg_advisory_xact_lock_shared(${key});
      return new;
    end $$;
    create trigger hold before update on twolane_social.fan_outs for each row
      when (new.pages = 2 or new.pages_done = 1) execute function public.hold_fan_out()`);
  return {
    /** Lets go before the trigger is dropped: what waits in it holds the table. */
    async release() {
      await client.query(`select pg_advisory_unlock(${key})`);
      await client.query('drop function public.hold_fan_out cascade');
      await client.end();
    },
  };
}
