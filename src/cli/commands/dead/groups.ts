/** `twolane dead list`: groups of dead jobs, each with the fingerprint of its error. */
import { Option } from 'commander';
import type { components } from '../../../client/index.ts';
import { laneNames } from '../../../contract/words.ts';
import type { AddCommand } from '../../commands.ts';
import { printList } from '../../output/print.ts';
import type { Column } from '../../output/table.ts';
import { ago, count, timeBefore } from '../../output/time.ts';
import { clientOf, limited, remote } from '../../remote.ts';

const columns: readonly Column<components['schemas']['DeadGroup']>[] = [
  { title: 'FINGERPRINT', of: ({ fingerprint }) => fingerprint },
  { title: 'JOBS', of: (group) => count(group.count), right: true },
  { title: 'TYPE', of: ({ type }) => type, least: 12 },
  { title: 'LAST', of: ({ lastAt }) => ago(lastAt), spare: 1 },
  { title: 'FIRST', of: ({ firstAt }) => ago(firstAt), spare: 3 },
  { title: 'SAMPLE', of: ({ sampleId }) => sampleId, spare: 2 },
  { title: 'ERROR', of: ({ message }) => message, least: 10 },
];

export const groupsCommand: AddCommand = (dead, terminal) => {
  limited(remote(dead.command('list').description('Groups of dead jobs, the one that grew last first')))
    .option('--type <type>', 'of this job type')
    .addOption(new Option('--lane <lane>', 'of this lane').choices(laneNames))
    .option('--queue <queue>', 'of this queue')
    .option('--since <time>', 'in which a job died at or after; 2h is two hours ago', timeBefore)
    .action(({ json, url, limit, type, lane, queue, since }) => {
      const query = { type, lane, queue, since, limit: Math.min(limit + 1, 500) };
      const groups = clientOf(terminal, { url }).each('/v1/dead', { params: { query } });
      return printList(terminal, groups, { json, columns, empty: 'No job is dead.', limit });
    });
};
