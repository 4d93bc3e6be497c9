-- What the HTTP side keeps: credentials as hashes, operators and their sessions, answers of idempotent requests.

create table twolane.tokens (
  sha256 bytea primary key,
  user_id text not null check (length(user_id) between 1 and 64),
  kind text not null check (kind in ('session', 'access', 'stream')),
  scopes text[] not null,
  -- Of the key that made it; null: of none.
  tenant text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- A session's end moves on while it is used: to so many seconds from then. Null: it stays.
  idle_s int,
  -- A session that was ended while it may still be served from a cache; the row goes once the cache was told.
  ended_at timestamptz
);
create index tokens_ended on twolane.tokens (ended_at) where ended_at is not null;
create index tokens_user on twolane.tokens (user_id);
create index tokens_expiry on twolane.tokens (expires_at);

create table twolane.api_keys (
  name text primary key check (length(name) between 1 and 64),
  sha256 bytea not null unique,
  scopes text[] not null,
  -- It reaches what is of this tenant and nothing else; null: everything.
  tenant text,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  -- How its value begins; null for a value of somebody's own choice.
  hint text,
  -- Calls that it may make; null: as many as it likes.
  rate_per_minute int check (rate_per_minute > 0),
  -- The value before the last rotation works until then.
  previous_sha256 bytea unique,
  previous_until timestamptz,
  -- To the minute.
  used_at timestamptz
);

create table twolane.operators (
  name text primary key check (length(name) between 1 and 64),
  role text not null check (role in ('viewer', 'operator', 'admin')),
  -- Null: logs in elsewhere.
  password_hash text,
  -- Of an operator who logs in by OpenID Connect: issuer#subject.
  subject text unique,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);

create table twolane.operator_sessions (
  sha256 bytea primary key,
  operator text not null references twolane.operators (name) on delete cascade,
  csrf text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- One row per use of an Idempotency-Key. Without a status the request is still running, at most until locked_until.
create table twolane.http_idempotency (
  actor text not null,
  method text not null,
  path text not null,
  key text not null,
  body_sha256 bytea not null,
  claim uuid not null,
  locked_until timestamptz not null,
  status int,
  -- {headers, body} of the answer; json keeps it as it was written.
  answer json,
  created_at timestamptz not null default now(),
  primary key (actor, method, path, key)
);
create index http_idempotency_age on twolane.http_idempotency (created_at);

-- Welcome tokens that were exchanged: each works once, whichever process it reaches.
create table twolane.welcomes (
  sha256 bytea primary key,
  used_at timestamptz not null default now()
);
