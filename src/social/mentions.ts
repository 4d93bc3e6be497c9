/** Who is mentioned in a comment: `@name` in its text, or named by their ids by a product that has users of its own. */
import type { Queryable } from '../contract/database.ts';

/** People that one comment notifies; who is named after that is not told. */
export const mostMentions = 10;

/**
 * The names after `@`, each once, in lower case, in their order; not inside words and addresses. A dot at the end belongs to
 * the sentence.
 */
export function mentionedNames(text: string): string[] {
  const found = text.matchAll(/(?<![\p{L}\p{N}_.@/])@([A-Za-z0-9_.]{3,30})(?![\p{L}\p{N}_@])/gu);
  const names = [...found].map(([, name = '']) => name.replace(/\.+$/, '').toLowerCase());
  return [...new Set(names.filter((name) => name.length >= 3))];
}

/** What a comment says, where, and to whom in particular. */
export interface Mentioning {
  commentId: string;
  post: { id: string; authorId: string };
  authorId: string;
  text: string;
  userIds: readonly string[];
}

/**
 * Notes who is mentioned. Left out are the author of the comment, people apart from him by a block, and those who can't see
 * the post. Answers their ids.
 */
export async function noteMentions(
  tx: Queryable,
  { commentId, post, authorId, text, userIds }: Mentioning,
): Promise<string[]> {
  const names = mentionedNames(text).slice(0, mostMentions);
  if (names.length === 0 && userIds.length === 0) return [];
  const { rows } = await tx.query<{ id: string }>(
    `insert into twolane_social.comment_mentions (comment_id, user_id, post_id, author_id)
     select $1::bigint, m.id, $2::bigint, $3 from (
       select u.id::text collate "C" as id from twolane_social.users u where lower(u.username) = any($4)
       union select unnest($5::text[]) collate "C") m
     where m.id <> $3 and not twolane_social.are_apart(m.id, $3) and not twolane_social.are_apart(m.id, $6)
     limit ${mostMentions} returning user_id as id`,
    [commentId, post.id, authorId, names, userIds, post.authorId],
  );
  return rows.map(({ id }) => id);
}
