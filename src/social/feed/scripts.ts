/**
 * The Redis scripts of the feeds. A feed is a sorted set in which every score is 0, so that members sort as text: post
 * ids padded to 19 digits (as a score a 64-bit id would lose its last digits). Members that start with `~` sort after
 * every id: `~` alone says that the feed is whole, `~` and a token that somebody is rebuilding it. A whole feed has this one
 * mark, so its ids are one less than its members.
 */

/** Range bound just above every post id and below every mark. */
export const aboveIds = '(:';
export const wholeMark = '~';

/** KEYS feeds · ARGV cap, member. Feeds that are not stored are skipped. */
export const insertScript = `
local cap, member = tonumber(ARGV[1]), ARGV[2]
for _, key in ipairs(KEYS) do
  local members = redis.call('ZCARD', key)
  if members > 0 and redis.call('ZADD', key, 0, member) == 1 and members > cap then
    redis.call('ZREMRANGEBYRANK', key, 0, 0)
  end
end`;

/** KEYS feeds · ARGV cap, member. A feed at its cap would have a gap at its end from now on: it is dropped. */
export const removeScript = `
local cap, member = tonumber(ARGV[1]), ARGV[2]
for _, key in ipairs(KEYS) do
  local members = redis.call('ZCARD', key)
  if members > 0 and redis.call('ZREM', key, member) == 1 and members > cap then redis.call('UNLINK', key) end
end`;

/**
 * KEYS feed · ARGV cap, upper bound, limit, milliseconds that it is kept. Answers the members and whether nothing older belongs
 * to the feed, or false when the feed is not whole. The time is only written anew after a thirtieth of it.
 */
export const pageScript = `
local key, keep = KEYS[1], tonumber(ARGV[4])
if not redis.call('ZSCORE', key, '${wholeMark}') then return false end
if redis.call('PTTL', key) < keep - keep / 30 then redis.call('PEXPIRE', key, keep) end
local members = redis.call('ZREVRANGEBYLEX', key, ARGV[2], '-', 'LIMIT', 0, ARGV[3])
return { members, redis.call('ZCARD', key) <= tonumber(ARGV[1]) and 1 or 0 }`;

/** KEYS feed · ARGV token mark, milliseconds that the feed is kept. Answers 0, and changes nothing, when the feed is whole. */
export const markScript = `
if redis.call('ZSCORE', KEYS[1], '${wholeMark}') then return 0 end
redis.call('ZADD', KEYS[1], 0, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`;

/**
 * KEYS feed · ARGV cap, token mark, members. Answers 0, and changes nothing, when the token's mark is gone. Takes every
 * other mark away, so that those of dead processes don't pile up; a live one finds the feed whole. The key is never empty
 * meanwhile, or it would forget when it expires.
 */
export const fillScript = `
local key, cap = KEYS[1], tonumber(ARGV[1])
if not redis.call('ZSCORE', key, ARGV[2]) then return 0 end
redis.call('ZADD', key, 0, '${wholeMark}')
redis.call('ZREMRANGEBYLEX', key, '(${wholeMark}', '+')
for i = 3, #ARGV do redis.call('ZADD', key, 0, ARGV[i]) end
local surplus = redis.call('ZCARD', key) - 1 - cap
if surplus > 0 then redis.call('ZREMRANGEBYRANK', key, 0, surplus - 1) end
return 1`;
