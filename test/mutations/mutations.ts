/** Defects that the tests have to see, each as one change of one file and the test that goes red with it. */
export interface Mutation {
  name: string;
  /** Absent where the defect is in a library. */
  change?: { file: string; find: string; replace: string };
  /** A package that is replaced: `bullmq@6.2.0`. */
  library?: string;
  project: string;
  test: string;
  /** Part of the names of the tests to run. Default: the whole file. */
  named?: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: 'A worker that lost its job is heard: the fence is not asked for',
    change: {
      file: 'src/ledger/migrations/005_settle.sql',
      find: 'and l.id = s.id and l.fence = s.fence and l.state',
      replace: 'and l.id = s.id and l.state',
    },
    project: 'conformance',
    test: 'test/conformance/job-ends.test.ts',
    named: 'rolled back when the job was lost',
  },
  {
    name: 'Deliveries are acked before their claim is committed',
    change: {
      file: 'workers/claims.ts',
      find: 'const taken = deliveries.take();',
      replace:
        'const taken = deliveries.take();\n    for (const one of taken) for (const delivery of one.deliveries) delivery.ack();',
    },
    project: 'faults',
    test: 'test/faults/workers.test.ts',
    named: 'before it could claim',
  },
  {
    name: 'A connection is closed without its channel, so that the last acks are lost',
    change: {
      file: 'src/lanes/realtime/consume.ts',
      find: 'return session.channel.close();',
      replace: 'return Promise.resolve();',
    },
    project: 'conformance',
    test: 'test/conformance/lane-port-life.test.ts',
    named: 'realtime',
  },
  {
    name: 'The dispatcher goes by a high-water mark of ids, past transactions that commit late',
    change: {
      file: 'src/ledger/migrations/007_dispatch.sql',
      find: 'select id, key, prio from twolane.live where queue = name and waiting and prio < bound',
      replace:
        'select id, key, prio from twolane.live where queue = name and waiting and prio < bound and id > coalesce((select max(w.id) from twolane.live w where w.queue = name and w.dispatched_at is not null), 0)',
    },
    project: 'faults',
    test: 'test/faults/dispatchers.test.ts',
    named: 'commits after younger',
  },
  {
    name: 'Nobody takes the jobs of dead processes back',
    change: {
      file: 'src/ledger/scheduler.ts',
      find: '() => this.#deadProcesses.look()',
      replace: 'async () => undefined',
    },
    project: 'faults',
    test: 'test/faults/workers.test.ts',
    named: 'realtime. lane.*that is killed',
  },
  {
    name: 'A process is judged by one whose own connection has just broken',
    change: {
      file: 'src/ledger/dead-processes.ts',
      find: 'if (brokeWithin(reconnectMs))',
      replace: 'if (brokeWithin(-1))',
    },
    project: 'kills',
    test: 'test/kills/connections.test.ts',
    named: 'every connection',
  },
  {
    name: 'A process waits for its next heartbeat before it takes its lock again',
    change: {
      file: 'src/ledger/session.ts',
      find: 'onBroken: () => this.beatSoon()',
      replace: 'onBroken: () => undefined',
    },
    project: 'kills',
    test: 'test/kills/connections.test.ts',
    named: 'again and again',
  },
  {
    name: 'Heartbeats wait behind the transactions of handlers',
    change: { file: 'src/ledger/session.ts', find: 'database.relaxed.query<Beat>', replace: 'database.query<Beat>' },
    project: 'kills',
    test: 'test/kills/connections.test.ts',
    named: 'all connections of its pool',
  },
  {
    name: 'A dispatcher that went silent keeps its queues',
    change: {
      file: 'src/ledger/dispatch/leases.ts',
      find: '!this.#epochs.has(queue))) await this.#unseatSilent();',
      replace: '!this.#epochs.has(queue))) return;',
    },
    project: 'faults',
    test: 'test/faults/dispatchers.test.ts',
    named: 'is frozen',
  },
  {
    name: 'A delivery may carry any text as its id',
    change: { file: 'src/contract/pack.ts', find: ' || !isId(id)) return undefined', replace: ') return undefined' },
    project: 'faults',
    test: 'test/faults/deliveries.test.ts',
    named: 'nobody of us has written',
  },
  {
    name: 'A NUL in the path or the query reaches PostgreSQL',
    change: {
      file: 'src/http/read-request.ts',
      find: "flawOf(req.body) ?? flawOf(req.params, deepest, '/path') ?? flawOf(req.query, deepest, '/query')",
      replace: 'flawOf(req.body)',
    },
    project: 'flow',
    test: 'test/flow/security/api-fuzz.test.ts',
    named: 'can not be kept',
  },
  {
    name: 'A session connection that hears nothing is kept',
    change: {
      file: 'src/ledger/session-lock.ts',
      find: 'if (this.#unanswered === mostUnanswered)',
      replace: 'if (this.#unanswered < 0)',
    },
    project: 'kills',
    test: 'test/kills/deaf.test.ts',
    named: 'of a worker',
  },
  {
    name: 'A dispatcher connection that does not answer is kept',
    change: { file: 'src/ledger/dispatch/leases.ts', find: 'await connection.end();', replace: '' },
    project: 'kills',
    test: 'test/kills/deaf.test.ts',
    named: 'of a dispatcher',
  },
  {
    name: 'A process that starts before PostgreSQL ends',
    change: {
      file: 'workers/patience.ts',
      find: '!(error instanceof OverloadedError) || performance.now() > deadline',
      replace: 'performance.now() < deadline',
    },
    project: 'kills',
    test: 'test/kills/postgres.test.ts',
    named: 'is away when processes start',
  },
  {
    name: 'An upload is accepted before its bytes are on the disk',
    change: { file: 'src/files/disk-store.ts', find: 'flush: true', replace: 'flush: false' },
    project: 'kills',
    test: 'test/kills/power-cut.test.ts',
    named: 'that was accepted',
  },
  {
    name: 'A folder is published without its names being on the disk',
    change: {
      file: 'src/files/disk-store.ts',
      find: 'await fsyncPath(folder);\n}',
      replace: 'void folder;\n}',
    },
    project: 'kills',
    test: 'test/kills/power-cut.test.ts',
    named: 'that was published',
  },
  {
    name: 'A release of BullMQ that never comes back after Redis was away',
    library: 'bullmq@6.2.0',
    project: 'faults',
    test: 'test/faults/brokers.test.ts',
    named: 'bulk. lane.*is killed under load',
  },
];
