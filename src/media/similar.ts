/** Finding pictures that look the same, by the parts of their perceptual hashes. */
import type { Queryable } from '../contract/index.ts';

/** The largest distance that the search finds without fail: see the table of the parts. */
export const farthest = 31;
/** Pictures whose whole hashes are compared at most. An owner who has more that share a part has the same one very often. */
const mostCompared = 5_000;

/** The ids and distances of an owner's media (of the same tenant) that are near to a hash of 256 binary digits, the nearest and newest first. */
export async function findSimilar(
  database: Queryable,
  { id, ownerId, hash }: { id: string; ownerId: string; hash: string },
  { maxDistance, limit }: { maxDistance: number; limit: number },
): Promise<{ id: string; distance: number }[]> {
  const { rows } = await database.query<{ id: string; distance: number }>(
    `with candidates as materialized (
       select distinct media_id from (
         select media_id from twolane.media_hash_parts where owner_id = $1 and part = any($2::int[]) limit ${mostCompared * 16}
       ) found limit ${mostCompared})
     select m.id, bit_count(m.perceptual_hash # $3::bit(256))::int as distance
     from candidates c join twolane.media m on m.id = c.media_id
     join twolane.media self on self.id = $4 and self.tenant is not distinct from m.tenant
     where m.id <> $4 and m.removed_at is null and m.state = 'ready' and bit_count(m.perceptual_hash # $3::bit(256)) <= $5
     order by distance, m.id desc limit $6`,
    [ownerId, nearParts(hash), hash, id, Math.min(maxDistance, farthest), limit],
  );
  return rows;
}

/** Every part of the hash as it is and with each of its bits turned: 272 keys of the index. */
function nearParts(hash: string): number[] {
  const parts = Array.from({ length: 16 }, (_, n) => n * 65_536 + Number.parseInt(hash.slice(n * 16, n * 16 + 16), 2));
  return parts.flatMap((part) => [part, ...Array.from({ length: 16 }, (_, bit) => part ^ (1 << bit))]);
}
