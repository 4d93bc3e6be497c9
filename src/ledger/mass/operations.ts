/** Operations as clients ask for them, and the runner that the job of an operation calls. */
import {
  ConflictError,
  cutPage,
  defaultStages,
  defaultStopAbove,
  type Enqueuer,
  idCursor,
  type JobDefinition,
  type MassOperations,
  type OperationFilter,
  type OperationRequest,
  type OperationRunner,
  type OperationStatus,
  type Queryable,
  TwolaneError,
} from '../../contract/index.ts';
import type { Database } from '../database.ts';
import { defaultPage, largestPage } from '../list-jobs.ts';
import { type JobRow, jobColumns, jobTables, toSummary } from '../rows.ts';
import { countFitting, findPage } from './find.ts';
import {
  endOperation,
  lockOperation,
  type OperationRow,
  operationColumns,
  saveOperation,
  toOperation,
} from './rows.ts';
import { newStage } from './stages.ts';
import { takeStep } from './step.ts';

export interface MassOptions {
  database: Database;
  enqueuer: Enqueuer;
  /** The definition of the job that makes operations; throws when the catalog has none. */
  job(): JobDefinition;
  undoMs: number;
}

/** A preview looks at so many rows, counts so many jobs and shows so many. */
const previewScan = 200_000;
const previewCap = 10_000;
const previewSamples = 5;

export function createMassOperations(options: MassOptions): MassOperations & OperationRunner {
  const { database, enqueuer, undoMs } = options;
  const item = (id: string, delayMs = 0) => ({
    job: options.job(),
    payload: { operationId: id },
    options: { delayMs },
  });
  const read = async (id: string) => toOperation(await found(database, id));
  return {
    preview: (request) => preview(database, request),
    get: async (id) => (await list(database, 'where o.id = $1', [id])).map(toOperation)[0],
    async list({ limit = defaultPage, cursor, tenant = null }) {
      const most = Math.min(limit, largestPage);
      const before = idCursor(cursor) ?? '9223372036854775807';
      const where = "where o.id < $1 and ($3::text is null or o.filter ->> 'tenant' = $3) order by o.id desc limit $2";
      const rows = await list(database, where, [before, most + 1, tenant]);
      return cutPage(rows.map(toOperation), most, ({ id }) => id);
    },
    async start(request, actor) {
      check(request);
      const { job, payload } = item('');
      const id = await enqueuer.transaction(async (tx, enqueue) => {
        const made = await insert(tx, request, actor);
        await enqueue(job, { ...payload, operationId: made });
        return made;
      });
      return read(id);
    },
    async abort(id, actor) {
      await change(database, id, ['running', 'waiting', 'undoing'], 'operation_over', async (tx, row) => {
        await endOperation(tx, row, 'aborted', `aborted by ${actor}`);
      });
      return read(id);
    },
    async undo(id, actor) {
      const undoable = ['running', 'done', 'aborted'] as const;
      await change(database, id, undoable, 'not_undoable', async (tx, row) => {
        if (row.action !== 'discard' || !row.undoable_until)
          throw new ConflictError('not_undoable', 'Only discards can be undone, and only for a while');
        await saveOperation(
          tx,
          Object.assign(row, { status: 'undoing', reason: `undone by ${actor}`, finished_at: null }),
        );
        await enqueuer.enqueueIn(tx, [item(id)]);
      });
      return read(id);
    },
    step: (id) => database.retrying(() => database.transaction((tx) => takeStep(tx, id, undoMs))),
    async goOn(tx, id, delayMs) {
      await enqueuer.enqueueIn(tx, [item(id, delayMs)]);
    },
  };
}

async function preview(database: Database, request: OperationRequest) {
  check(request);
  const { rows: now } = await database.query<{ id: string; at: Date }>(
    'select next_ids as id, now() as at from twolane.next_ids(1)',
  );
  const { id = '0', at = new Date() } = now[0] ?? {};
  const search = { action: request.action, filter: request.filter, after: '0', before: id, diedBy: at };
  const { ids } = await findPage(database, search, previewSamples, previewScan);
  const { rows } = await database.query<JobRow>(
    `select ${jobColumns} from ${jobTables} where j.id = any($1) order by j.id`,
    [`{${ids.join(',')}}`],
  );
  return { ...(await countFitting(database, search, previewCap, previewScan)), samples: rows.map(toSummary) };
}

async function insert(tx: Queryable, request: OperationRequest, actor: string): Promise<string> {
  const { action, filter, forGood = false, stopAbove = defaultStopAbove } = request;
  const stages = action === 'redrive' ? (request.stages ?? defaultStages) : (['all'] as const);
  const { rows } = await tx.query<{ id: string }>(
    `insert into twolane.operations (id, action, filter, actor, stop_above, stages, for_good)
     select next_ids, $1, $2, $3, $4, $5, $6 from twolane.next_ids(1) returning id`,
    [action, JSON.stringify(filter), actor, stopAbove, JSON.stringify(stages.map(newStage)), forGood],
  );
  return rows[0]?.id as string;
}

/** Changes an operation that is in one of the states, alone with it. */
async function change(
  database: Database,
  id: string,
  from: readonly OperationStatus[],
  code: string,
  work: (tx: Queryable, row: OperationRow) => Promise<void>,
): Promise<void> {
  await database.transaction(async (tx) => {
    const row = await lockOperation(tx, id);
    if (!row) throw missing(id);
    if (!from.includes(row.status)) throw new ConflictError(code, `Operation ${id} is ${row.status}`);
    await work(tx, row);
  });
}

function list(database: Queryable, where: string, values: unknown[]): Promise<OperationRow[]> {
  return database
    .query<OperationRow>(`select ${operationColumns} from twolane.operations o ${where}`, values)
    .then(({ rows }) => rows);
}

async function found(database: Queryable, id: string): Promise<OperationRow> {
  const [row] = await list(database, 'where o.id = $1', [id]);
  if (!row) throw missing(id);
  return row;
}

function missing(id: string): TwolaneError {
  return new TwolaneError('not_found', `There is no operation ${id}`);
}

const ofTheDead: readonly (keyof OperationFilter)[] = ['error', 'fingerprint'];

function check({ action, filter, forGood, stages, stopAbove }: OperationRequest): void {
  const refuse = (why: string) => {
    throw new TwolaneError('invalid_operation', why);
  };
  const given = Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (given.length === 0) refuse('Give at least one field of the filter, such as the fingerprint of a group');
  if (action === 'cancel') {
    if (ofTheDead.some((name) => filter[name] !== undefined)) refuse('Only dead jobs have an error; cancel knows none');
  } else if (filter.state !== undefined && filter.state !== 'dead') refuse(`Only dead jobs can be ${action}ed`);
  if (action !== 'redrive' && (stages || stopAbove !== undefined)) refuse('Only a redrive runs in stages');
  if (action !== 'discard' && forGood) refuse('Only a discard is for good');
  if (stages?.length === 0 || stages?.slice(0, -1).includes('all')) refuse('Only the last stage can be `all`');
}
