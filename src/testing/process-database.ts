/** The database as one process of a test sees it. What the process does there passes its gate, so that it can be stopped at each step. */
import type { PGlite, Transaction } from '@electric-sql/pglite';
import type { Queryable } from '../contract/index.ts';
import type { Database } from '../ledger/database.ts';
import type { HeldConnection, HoldOptions } from '../ledger/held-connection.ts';
import { rewriterFor, writtenSchema } from '../ledger/schema.ts';
import type { EmbeddedDatabase } from './embedded-database.ts';
import { type Gate, ProcessDied } from './gate.ts';

let holders = 0;

export function processDatabase(embedded: EmbeddedDatabase, gate: Gate): Database {
  const query = queryOf(gate, (text, values) => gate.pass(() => run(embedded.pglite, text, values)));
  const database: Database = {
    query,
    relaxed: { query },
    hot: { query },
    async transaction(work) {
      const seen: string[] = [];
      const result = await gate.pass(() => embedded.pglite.transaction((tx) => unlessDead(gate, tx, work, seen)));
      await gate.step('after commit', seen.join());
      return result;
    },
    // Alone in its session, a statement meets neither deadlocks nor serialisation conflicts.
    retrying: (work) => work(),
    databaseFor: () => database,
    rewriter: rewriterFor(writtenSchema),
    hold: (options) => gate.pass(() => hold(embedded, gate, options)),
    async close() {},
  };
  return database;
}

/** The steps of a job's life that are statements. */
const steps: readonly (readonly [string, RegExp])[] = [
  ['claim', /twolane\.claim\(/],
  ['settle', /twolane\.settle_(succeeded|others)\(/],
];

/** What is appended to the names of steps inside a transaction. */
export const inTransaction = ' (in its transaction)';

type Answer = Promise<{ rows: unknown[]; affectedRows?: number }>;

/** Several statements in one text are allowed where it has no values, as `pg` allows it. */
async function run(database: PGlite | Transaction, text: string, values?: unknown[]): Answer {
  if (values !== undefined) return database.query(text, values);
  return (await database.exec(text)).at(-1) ?? { rows: [] };
}

function queryOf(gate: Gate, run: (text: string, values?: unknown[]) => Answer, where = ''): Queryable['query'] {
  const query = async (text: string, values?: unknown[]) => {
    const step = steps.find(([, pattern]) => pattern.test(text))?.[0];
    const about = step ? JSON.stringify(values) : '';
    if (step) await gate.step(`before ${step}${where}`, about);
    const { rows, affectedRows } = await run(text, values);
    if (step) await gate.step(`after ${step}${where}`, about);
    return { rows, rowCount: affectedRows ?? rows.length };
  };
  return query as Queryable['query'];
}

/**
 * A process that dies inside a transaction leaves nothing of it.
 * @param seen is given the values of all statements
 */
async function unlessDead<T>(
  gate: Gate,
  tx: Transaction,
  work: (tx: Queryable) => Promise<T>,
  seen: string[],
): Promise<T> {
  const note = (text: string, values?: unknown[]) => {
    seen.push(JSON.stringify(values ?? []));
    return run(tx, text, values);
  };
  const inside = { query: queryOf(gate, note, inTransaction) };
  return Promise.race([
    work(inside),
    gate.died.then(() => {
      throw new ProcessDied('transaction');
    }),
  ]);
}

async function hold(
  { pglite }: EmbeddedDatabase,
  gate: Gate,
  { listen, onGone }: HoldOptions,
): Promise<HeldConnection> {
  holders += 1;
  const holder = holders;
  const told = (channel: string) => (payload: string) => gate.alive && listen?.onNotice(channel, payload);
  const listeners = (listen?.channels ?? []).map((channel) => ({ name: `"twolane.${channel}"`, run: told(channel) }));
  await Promise.all(listeners.map(({ name, run }) => pglite.listen(name, run)));
  const letGo = async () => {
    await pglite.query('delete from twolane_time.locks where holder = $1', [holder]);
    // Not what `listen` answers: that forgets the quotes.
    for (const { name, run } of listeners) await pglite.unlisten(name, run);
  };
  void gate.died.then(letGo);
  return {
    // It has no backends.
    pid: 0,
    async lock(table, row) {
      const id = typeof row === 'string' ? 'hashtext($2)' : '$2::int';
      const { affectedRows } = await gate.pass(() =>
        pglite.query(
          `insert into twolane_time.locks (class, id, holder) values ($1::regclass::oid::int, ${id}, $3) on conflict do nothing`,
          [`twolane.${table}`, row, holder],
        ),
      );
      return affectedRows === 1;
    },
    check: () => gate.open(),
    async end() {
      await gate.pass(letGo);
      onGone();
    },
  };
}
