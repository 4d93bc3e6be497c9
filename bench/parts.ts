/** The parts of the benchmark by their names on the command line, in the order in which they run. */
import { diskScenarios } from './disk/scenarios.ts';
import { httpScenarios } from './http/scenarios.ts';
import { jobScenarios } from './job-scenarios.ts';
import { laneScenarios } from './lanes/scenarios.ts';
import type { Scenario } from './measured.ts';
import { mediaScenarios } from './media/scenarios.ts';
import { queueScenarios } from './queues/scenarios.ts';
import { socialScenarios } from './social/scenarios.ts';

export interface Part {
  title: string;
  /** @param scale of the amounts; 1 is what the report is made with */
  scenarios(scale: number): Scenario[];
}

export const parts = {
  peers: { title: 'Queues side by side', scenarios: queueScenarios },
  http: { title: 'The endpoint that enqueues', scenarios: httpScenarios },
  lanes: { title: 'Messages beside heavy work', scenarios: laneScenarios },
  disk: { title: 'The disk', scenarios: diskScenarios },
  social: { title: 'Feeds and messages', scenarios: socialScenarios },
  media: { title: 'Photos and videos', scenarios: mediaScenarios },
  jobs: { title: 'What features cost', scenarios: jobScenarios },
} as const satisfies Record<string, Part>;
export type PartName = keyof typeof parts;

/** @throws Error for a name that is not a part's */
export function partsOf(names: readonly string[]): PartName[] {
  const unknown = names.find((name) => !Object.hasOwn(parts, name));
  if (unknown) throw new Error(`There is no part ${unknown}; there are ${Object.keys(parts).join(', ')}`);
  const chosen = names.length > 0 ? names : Object.keys(parts);
  return (Object.keys(parts) as PartName[]).filter((name) => chosen.includes(name));
}
