/** Contents that failed for what they are: (hash, pipeline version, code). They are not tried again before the pipeline is another. */
import {
  cutPage,
  idCursor,
  type JobDefinition,
  type MediaKind,
  MediaRefusedError,
  mostIds,
  type PoisonFilter,
  type PoisonRecord,
  type PoisonRecords,
  type Queryable,
} from '../contract/index.ts';
import { isMediaCode, type MediaCode, mediaCodes } from './codes.ts';
import { pipelineVersions } from './pipeline-versions.ts';
import type { Original } from './store.ts';

interface Row {
  id: string;
  sha256: string;
  kind: MediaKind;
  pipeline: number;
  code: MediaCode;
  failures: number;
  media_id: string;
  job_id: string;
  first_at: Date;
  last_at: Date;
}

/**
 * The records of one ledger; the database itself writes them, when a media fails.
 * @param versions of the pipelines now. Default: those of this release
 */
export function poisonRecords(
  database: Queryable,
  jobs: Readonly<Record<MediaKind, JobDefinition>>,
  versions: Readonly<Record<MediaKind, number>> = pipelineVersions,
) {
  const isOutdated = ({ kind, pipeline }: Pick<Row, 'kind' | 'pipeline'>) => pipeline < versions[kind];

  async function find({ kind, code, sha256, outdated }: PoisonFilter, before: string | undefined, limit: number) {
    const { rows } = await database.query<Row>(
      `select id::text, sha256, kind, pipeline, code, failures, media_id::text, job_id::text, first_at, last_at
       from twolane.media_poison p
       where ($1::text is null or kind = $1) and ($2::text is null or code = $2) and ($3::text is null or sha256 = $3)
         and ($4::boolean is null or $4 = (pipeline < case kind when 'image' then $5::int else $6::int end))
         and ($7::bigint is null or id < $7) order by p.id desc limit $8`,
      [kind, code, sha256, outdated, versions.image, versions.video, before, limit],
    );
    return rows;
  }

  /** The jobs that wrote the records, as far as they are dead still; those of the oldest records first. */
  async function deadJobsOf({ kind, code, sha256 }: Parameters<PoisonRecords['rerun']>[0]): Promise<string[]> {
    const { rows } = await database.query<{ id: string }>(
      `select p.job_id::text as id from twolane.media_poison p join twolane.dead d on d.id = p.job_id
       where p.kind = $1 and p.code = $2 and ($3::text is null or p.sha256 = $3) and p.pipeline < $4 order by p.id limit $5`,
      [kind, code, sha256, versions[kind], mostIds],
    );
    return rows.map(({ id }) => id);
  }

  const records: PoisonRecords = {
    async list(filter, { limit = 50, cursor }) {
      const rows = await find(filter, idCursor(cursor), limit + 1);
      const page = cutPage(rows, limit, ({ id }) => id);
      return { ...page, items: page.items.map((row) => view(row, isOutdated(row))) };
    },
    async rerun(what) {
      const ids = await deadJobsOf(what);
      return ids.length > 0 ? { type: jobs[what.kind].type, ids } : undefined;
    },
  };

  /** @throws MediaRefusedError for bytes that this pipeline has failed on before */
  async function refuseKnown({ sha256, kind }: Original): Promise<void> {
    const [known] = await find({ sha256, kind }, undefined, 1);
    if (!known || isOutdated(known) || !isMediaCode(known.code)) return;
    throw new MediaRefusedError(known.code, mediaCodes[known.code].sentence);
  }

  return { ...records, refuseKnown };
}

function view({ id: _, code, ...row }: Row, outdated: boolean): PoisonRecord {
  return {
    sha256: row.sha256,
    kind: row.kind,
    pipeline: row.pipeline,
    outdated,
    code,
    message: mediaCodes[code]?.sentence ?? '',
    failures: row.failures,
    mediaId: row.media_id,
    jobId: row.job_id,
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
  };
}
