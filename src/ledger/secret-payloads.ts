/** Payloads with secret fields, for those who look at a job or edit it. */
import {
  type Catalog,
  type JobDetail,
  type Json,
  masked,
  type PayloadFiles,
  type Queryable,
  unmasked,
  upcastPayload,
} from '../contract/index.ts';
import { readPayload, type StoredPayload } from './payloads.ts';

interface Parts {
  database: Queryable;
  payloads: PayloadFiles;
  catalog: Catalog;
}

export interface SecretPayloads {
  /** As it may be shown. Undefined without such a job. */
  shown(id: string): Promise<Json | undefined>;
  /** In clear. Undefined without such a job. */
  revealed(id: string): Promise<Json | undefined>;
  /** An edited payload with its masks replaced by what the job has there. */
  complete(job: Pick<JobDetail, 'id' | 'type'>, edited: Json): Promise<Json>;
  /** What an edit stores. */
  sealedEdit(id: string, edited: Json): Promise<Json>;
}

export function createSecretPayloads({ database, payloads, catalog }: Parts): SecretPayloads {
  const any = Object.values(catalog).some(({ secrets }) => secrets);
  const read = (id: string) => readPayload(database, payloads, id);
  const secretsOf = (type: string) => catalog[type]?.secrets;
  const open = ({ type, payload }: StoredPayload) => payloads.secrets.open(type, payload);
  const completed = (stored: StoredPayload | undefined, edited: Json): Json => {
    const definition = stored && catalog[stored.type];
    if (!definition) return edited;
    // The edit has the present version's shape.
    return unmasked(edited, upcastPayload(definition, open(stored), stored.version) as Json);
  };
  return {
    async shown(id) {
      const stored = await read(id);
      return stored && masked(stored.payload);
    },
    async revealed(id) {
      const stored = await read(id);
      return stored && open(stored);
    },
    async complete({ id, type }, edited) {
      return secretsOf(type) ? completed(await read(id), edited) : edited;
    },
    async sealedEdit(id, edited) {
      const stored = any ? await read(id) : undefined;
      const secrets = stored && secretsOf(stored.type);
      return secrets ? payloads.secrets.seal(stored.type, secrets, completed(stored, edited)) : edited;
    },
  };
}
