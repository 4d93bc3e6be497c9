-- What was done, counted: per batch, per queue and second, and in total.

-- What each batch did, appended in the batch's own transaction and rolled up every second.
create table twolane.tallies (
  queue text not null,
  at timestamptz not null default now(),
  enqueued int not null default 0,
  claimed int not null default 0,
  claimed_through timestamptz,
  succeeded int not null default 0,
  failed int not null default 0,
  dead int not null default 0,
  cancelled int not null default 0,
  revived int not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

create table twolane.queue_stats (
  queue text not null,
  at timestamptz not null,
  enqueued bigint not null,
  claimed bigint not null,
  succeeded bigint not null,
  failed bigint not null,
  dead bigint not null,
  cancelled bigint not null,
  primary key (queue, at)
);
create index on twolane.queue_stats (at);

create table twolane.totals (
  only_row boolean primary key default true check (only_row),
  appended bigint not null default 0,
  settled bigint not null default 0
);
insert into twolane.totals default values;
