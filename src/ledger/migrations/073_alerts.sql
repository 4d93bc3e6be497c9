-- Alerts: what is wrong now and was lately, what counts as wrong, who is told, and what nobody wants to be told.

-- Rules that differ from those in src/contract/alerts.ts; without a target for all that have no row of their own.
create table twolane.alert_rules (
  kind text not null,
  target text not null default '',
  threshold float8,
  for_s int not null,
  enabled boolean not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  primary key (kind, target)
);

create table twolane.alerts (
  id bigint generated always as identity primary key,
  kind text not null,
  target text not null,
  message text not null,
  value float8,
  -- When it was seen first and last. It fires when it was seen for as long as its rule says.
  since timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  fired_at timestamptz,
  told_at timestamptz,
  resolved_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text
);
create unique index alerts_open on twolane.alerts (kind, target) where resolved_at is null;

create table twolane.alert_silences (
  id bigint generated always as identity primary key,
  -- Null: of every kind, for every target.
  kind text,
  target text,
  reason text not null,
  actor text not null,
  created_at timestamptz not null default now(),
  until timestamptz not null
);

create table twolane.alert_channels (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('webhook', 'email', 'push')),
  -- An address as `mailto:`, where it is e-mail; what the push service gave a browser.
  url text not null,
  -- What signs the messages of a webhook.
  secret text,
  -- What messages to a browser are encrypted with.
  keys jsonb,
  created_at timestamptz not null default now(),
  created_by text not null,
  -- Of the last notice that came through, and why the last one did not.
  ok_at timestamptz,
  error text
);

create unique index alert_channels_browser on twolane.alert_channels (url) where kind = 'push';

-- What has to be told to whom. Sent by the scheduler itself: an alert must not depend on the lanes that it may be about.
create table twolane.alert_notices (
  id bigint generated always as identity primary key,
  channel_id bigint not null references twolane.alert_channels on delete cascade,
  body jsonb not null,
  attempts int not null default 0,
  due_at timestamptz not null default now()
);
create index alert_notices_due on twolane.alert_notices (due_at);
