/** What is known of dead jobs beyond the jobs themselves: their groups by error, and who changed what. */
import type { Json, LaneName } from './words.ts';

/** Dead jobs of one queue that died of the same thing. Times are ISO 8601 UTC. */
export interface DeadGroup {
  fingerprint: string;
  type: string;
  lane: LaneName;
  queue: string;
  /** How many are dead now. */
  count: number;
  /** The first and the last time that a job died of it; retried and discarded ones count too. */
  firstAt: string;
  lastAt: string;
  /** The youngest of the jobs, and the message of its error. */
  sampleId: string;
  message: string;
}

export interface DeadFilter {
  type?: string;
  lane?: LaneName;
  queue?: string;
  /** Jobs of this tenant only, among the youngest 50,000 dead ones. */
  tenant?: string;
  /** Groups in which a job died at or after this time. */
  since?: string;
}

/** Something that was done to a job, by an operator or with an API key. */
export interface AuditedChange {
  at: string;
  /** Null for an edit that came through the library, which asks for no name. */
  actor: string | null;
  action: string;
  detail: Json | null;
  /** `done`, or the code of the refusal; null when the process ended in between. */
  outcome: string | null;
  /** The payload before an edit; it is kept as long as the job. Null for one that was in the file store. */
  previousPayload?: Json;
  /** What is known of an earlier payload in the file store; the file is gone. */
  previousPayloadFile?: { bytes: number; sha256: string };
}
