/** How much owners and tenants may have and send at once, and what they are told when that is all. */
import { TwolaneError } from '../../contract/index.ts';

export interface Quota {
  /** Of all its photos and videos, and of the uploads under way. Undefined: no limit. */
  bytes?: number | undefined;
  /** Uploads under way. Undefined: no limit. */
  uploads?: number | undefined;
}

export interface UploadQuotas {
  owner: Quota;
  tenant: Quota;
}

const texts: Readonly<Record<string, (quotas: UploadQuotas) => [code: string, message: string]>> = {
  owner_bytes: ({ owner }) => [
    'quota_exceeded',
    `All photos and videos of this owner may have ${owner.bytes} bytes. Remove some, or ask for more room.`,
  ],
  tenant_bytes: ({ tenant }) => [
    'quota_exceeded',
    `All photos and videos of this tenant may have ${tenant.bytes} bytes. Remove some, or ask for more room.`,
  ],
  owner_uploads: ({ owner }) => [
    'too_many_uploads',
    `At most ${owner.uploads} uploads of one owner are under way at once. Finish some or end them, then send this one again.`,
  ],
  tenant_uploads: ({ tenant }) => [
    'too_many_uploads',
    `At most ${tenant.uploads} uploads of one tenant are under way at once. Finish some or end them, then send this one again.`,
  ],
};

/** The error for what `twolane.broken_quota` answers. */
export function refusedBy(broken: string, quotas: UploadQuotas): TwolaneError {
  const [code, message] = texts[broken]?.(quotas) ?? ['quota_exceeded', `The quota ${broken} is used up`];
  return new TwolaneError(code, message);
}
