-- Tries to log in, counted by all processes together. A loss costs a minute of counting, hence unlogged. Names are hashed: what people
-- type there may be a password.
create unlogged table twolane.log_in_tries (
  name bytea primary key,
  tries int not null,
  until timestamptz not null
);

-- Charges a try before it is made, so that many at once gain nothing. Answers the seconds to wait when there were too many, else 0.
create function twolane.charge_log_in(who bytea, most int, pause interval) returns double precision language plpgsql as $$
declare
  counted twolane.log_in_tries;
begin
  delete from twolane.log_in_tries where name in (
    select t.name from twolane.log_in_tries t where t.until < now() and t.name <> who order by t.name limit 100 for update skip locked);
  insert into twolane.log_in_tries as t (name, tries, until) values (who, 1, now() + pause)
  on conflict (name) do update set tries = case when t.until < now() then 1 else t.tries + 1 end,
    until = case when t.until < now() or t.tries < most then now() + pause else t.until end
  returning * into counted;
  return case when counted.tries > most then extract(epoch from counted.until - now()) else 0 end;
end $$;
