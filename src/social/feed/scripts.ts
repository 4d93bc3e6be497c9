/**
 * The Redis scripts of the feeds. A feed is a sorted set in which every score is 0, so that members sort as text: post
 * ids padded to 19 digits (as a score a 64-bit id would lose its last digits). Members that start with `~` sort after
 * every id: `~` alone says that the feed is whole, `~` and a token that somebody is rebuilding it.
 */

/** Range bound just above every post id and below every mark. */
export const aboveIds = '(:';
export const wholeMark = '~';

const trim = `
local function trim(key, cap)
  if redis.call('ZCARD', key) <= cap then return end
  local surplus = redis.call('ZLEXCOUNT', key, '-', '${aboveIds}') - cap
  if surplus > 0 then redis.call('ZREMRANGEBYRANK', key, 0, surplus - 1) end
end`;

/** KEYS feeds · ARGV cap, member. */
export const insertScript = `${trim}
local cap, member = tonumber(ARGV[1]), ARGV[2]
for _, key in ipairs(KEYS) do
  if redis.call('ZADD', key, 0, member) == 1 then trim(key, cap) end
end`;

/** KEYS feeds · ARGV member. */
export const removeScript = `
for _, key in ipairs(KEYS) do redis.call('ZREM', key, ARGV[1]) end`;

/** KEYS feed · ARGV upper bound, limit. Answers the members, or false when the feed is not whole. */
export const pageScript = `
if not redis.call('ZSCORE', KEYS[1], '${wholeMark}') then return false end
return redis.call('ZREVRANGEBYLEX', KEYS[1], ARGV[1], '-', 'LIMIT', 0, ARGV[2])`;

/**
 * KEYS feed · ARGV cap, token mark, members. Answers 0, and changes nothing, when the token's mark is gone. Takes every
 * other mark away, so that those of dead processes don't pile up; a live one reads again.
 */
export const fillScript = `${trim}
local key, cap = KEYS[1], tonumber(ARGV[1])
if not redis.call('ZSCORE', key, ARGV[2]) then return 0 end
redis.call('ZREMRANGEBYLEX', key, '[${wholeMark}', '+')
redis.call('ZADD', key, 0, '${wholeMark}')
for i = 3, #ARGV do redis.call('ZADD', key, 0, ARGV[i]) end
trim(key, cap)
return 1`;
