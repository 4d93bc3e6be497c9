/** What uploads may have of everything. */
import type { UploadQuotas } from './quotas.ts';

export interface UploadLimits {
  /** Largest file, bytes. */
  maxUploadBytes: number;
  quotas: UploadQuotas;
  /** How long an upload may take from its first byte, and an unfinished one is kept, seconds. */
  expiresS: number;
}
