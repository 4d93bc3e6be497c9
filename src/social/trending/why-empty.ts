/** Why a list of trends has nothing on it, for who wonders where his tag is. */
import { leastCount } from './score.ts';
import type { TrendList } from './store.ts';

export const emptyCodes = ['not_ranked_yet', 'no_tags', 'too_few_people', 'nothing_new'] as const;

export interface WhyEmpty {
  code: (typeof emptyCodes)[number];
  message: string;
}

/** @param list undefined before the first one was made. */
export function whyEmpty(list: Pick<TrendList, 'mostPeople'> | undefined): WhyEmpty {
  if (!list) return { code: 'not_ranked_yet', message: 'The first list is made within a minute of the first worker.' };
  const { mostPeople } = list;
  if (mostPeople === 0)
    return {
      code: 'no_tags',
      message:
        'No hashtag counted in the last three windows that have ended. A window takes five minutes; which tags of a post ' +
        'count, and why others do not, is in the result of its job parse-post.',
    };
  if (mostPeople < leastCount)
    return {
      code: 'too_few_people',
      message: `A tag is listed when ${leastCount} people have used it within five minutes; the most used one had ${mostPeople}.`,
    };
  return { code: 'nothing_new', message: 'Every tag is about as frequent as it was within the past week.' };
}
