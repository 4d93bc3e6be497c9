-- What operators changed: written before the change, completed after it.
create table twolane.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  actor text not null,
  -- retry, cancel, discard, pause, resume, set-max-age
  action text not null,
  -- a job's id, a queue as lane/queue, type:… or key:…
  target text not null,
  detail jsonb,
  -- `done`, or the code of the refusal; null when the process ended in between
  outcome text
);
create index audit_target on twolane.audit (target, id desc);
create index audit_actor on twolane.audit (actor, id desc);
create index audit_action on twolane.audit (action, id desc);
-- Refusals are few, and what one looks for after an attack.
create index audit_refused on twolane.audit (id desc) where outcome <> 'done';
