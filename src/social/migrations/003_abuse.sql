-- What the velocity rules objected to: one row per rule, subject, decision and window of the rule.
create table twolane_social.abuse_decisions (
  id bigint generated always as identity primary key,
  deed text not null check (deed in ('sign-up', 'log-in', 'log-in-to', 'follow', 'like', 'message')),
  rule text not null,
  -- A user, or the network of a client: of its address the last part is not kept.
  subject text collate "C" not null,
  decision text not null check (decision in ('review', 'block')),
  slot bigint not null,
  times integer not null default 1,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  unique (rule, subject, decision, slot)
) with (fillfactor = 80);
create index abuse_decisions_by_subject on twolane_social.abuse_decisions (subject, decision, id);
create index abuse_decisions_by_age on twolane_social.abuse_decisions (last_at);
