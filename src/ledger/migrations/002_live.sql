-- Jobs that are under way, and what waits for what among them.
-- No index on `live`, predicates included, may mention state, attempt, fence, worker or started_at: claims stay HOT.
create table twolane.live (
  id bigint primary key,
  queue text not null,
  prio smallint not null,
  rank bigint not null default 0,
  tenant text not null,
  type text not null,
  version int not null,
  key text,
  state text not null,
  -- May be released now. Rows with it are the outbox; there is no other.
  waiting boolean not null,
  -- The lot in which it is parked, see `lots`; null for nearly all.
  lot text,
  -- Null for a job that no limit concerns. Otherwise what limits per key count by, '' without one.
  limit_key text,
  -- 1: in the line of its type, to be let into the outbox. 2: stepped aside until its key has room.
  in_line smallint,
  due_at timestamptz,
  expires_at timestamptz,
  dispatched_at timestamptz,
  -- Since when nothing but its turn keeps it from starting; null: since it was enqueued.
  ready_at timestamptz,
  started_at timestamptz,
  attempt int not null default 0,
  max_attempts int not null,
  crashes smallint not null default 0,
  fence int not null default 0,
  worker int,
  timeout_ms int not null,
  -- How many jobs this one still waits for, and whether any waits for this one.
  blockers int not null default 0,
  awaited boolean not null default false,
  cancel text,
  cancel_at timestamptz,
  reason text
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);
create index live_waiting on twolane.live (queue, prio, rank, id) where waiting;
create index live_tenants on twolane.live (queue, prio, tenant, rank) where waiting;
create index live_dispatched on twolane.live (queue, dispatched_at) where dispatched_at is not null;
create index live_keys on twolane.live (key, id) where key is not null;
-- The few of a key that are released, however many wait.
create index live_released_keys on twolane.live (key) where key is not null and dispatched_at is not null;
create index live_lots on twolane.live (lot, prio, rank, id) where lot is not null;
-- Jobs that limits concern, and only those: the lines in order, by tenant and by key; and the slots that are taken.
create index live_lines on twolane.live (queue, type, in_line, prio, rank, id) where in_line is not null;
create index live_line_tenants on twolane.live (type, prio, tenant, rank) where in_line is not null;
create index live_line_keys on twolane.live (type, limit_key, in_line, prio, rank, id) where in_line is not null;
create index live_slots on twolane.live (type, limit_key)
  where limit_key is not null and (waiting or dispatched_at is not null);
-- Only for the counts that operators see, so that none of them reads past jobs that it does not count.
create index live_held on twolane.live (queue) where key is not null and not waiting and in_line is null and lot is null
  and dispatched_at is null and due_at is null and blockers = 0;
create index live_parked on twolane.live (queue) where lot is not null;
create index live_blocked on twolane.live (queue) where blockers > 0;
-- Written so that its counts don't match `live_due`, through which the planner would read all that is due later, in any queue.
create index live_scheduled on twolane.live (queue) where (due_at is null) is false;
create index live_due on twolane.live (due_at) where due_at is not null;
create index live_expires on twolane.live (expires_at) where expires_at is not null;

-- A job (the child) that has not ended as wished, and one that waits for it (the parent).
create table twolane.waits (
  child_id bigint not null,
  parent_id bigint not null,
  -- What becomes of the parent when the child fails: block, cancel or continue.
  rule text not null,
  -- The child is cancelled with its parent.
  owned boolean not null,
  primary key (child_id, parent_id)
);
create index on twolane.waits (parent_id);
