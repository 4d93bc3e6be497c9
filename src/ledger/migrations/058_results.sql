-- Results that are too large for the row of their job: `result_file` is {key, bytes, sha256}, as for payloads.
alter table twolane.done add column result_file jsonb;
create index on twolane.done (id) where result_file is not null;

-- Success with a result in a file. The file is the job's in the transaction that settles it; that of a loser of the fence
-- stays loose and is swept up.
create function twolane.settle_with_files(ids bigint[], fences int[], files jsonb[], worker_name text)
returns table (id bigint, released json) language plpgsql set jit = off set enable_seqscan = off as $$
#variable_conflict use_column
declare
  settled bigint[] := '{}';
  r record;
begin
  for r in select * from twolane.settle_succeeded(ids, fences, array_fill(null::jsonb, array[cardinality(ids)]), worker_name) loop
    settled := settled || r.id;
    return query select r.id, r.released;
  end loop;
  perform twolane.hold_files(array(select f.file ->> 'key' from unnest(ids, files) f(id, file) where f.id = any(settled)));
  update twolane.done d set result_file = f.file from unnest(ids, files) f(id, file)
    where d.id = any(settled) and d.id = f.id
      and d.id between (select min(i) from unnest(settled) i) and (select max(i) from unnest(settled) i);
end $$;
