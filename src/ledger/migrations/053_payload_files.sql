-- Files of payloads that no job holds: announced before they are written, taken off by the transaction that writes their job,
-- back here when their job lets go of them. A sweep removes what stays.
create table twolane.loose_files (
  key text primary key,
  since timestamptz not null default clock_timestamp()
);
create index on twolane.loose_files (since);

-- For the transaction that writes the jobs of these files. The rows stay locked until it ends, and the sweep skips them.
create function twolane.hold_files(keys text[]) returns void language plpgsql as $$
declare
  held int;
begin
  if cardinality(keys) = 0 then return; end if;
  delete from twolane.loose_files where key = any(keys);
  get diagnostics held = row_count;
  if held < cardinality(keys) then
    raise exception 'The stored payload was swept up before its job was written; enqueue it again';
  end if;
end $$;

-- Gives a job another payload, in its row or in a file; the file of the old one is let go.
create function twolane.edit_payload(job bigint, new_payload jsonb, new_file jsonb, new_version int) returns void language plpgsql as $$
begin
  if new_file is not null then perform twolane.hold_files(array[new_file ->> 'key']); end if;
  insert into twolane.loose_files (key) select payload_file ->> 'key' from twolane.jobs
    where id = job and payload_file is not null;
  update twolane.jobs set payload = case when new_file is null then new_payload end, payload_file = new_file,
    version = coalesce(new_version, version) where id = job;
end $$;
