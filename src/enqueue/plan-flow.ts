/** From a flow, which is a tree, to a flat list of jobs in which every one stands after those that it waits for. */
import { type Flow, type FlowJob, maxFlowEdges, maxFlowJobs, TwolaneError } from '../contract/index.ts';

/** A job of a flow: what it waits for are places in the list, from 1. `pointer` is where it stands in the tree. */
export interface PlannedJob {
  pointer: string;
  job: FlowJob;
  after: number[];
}

/** @throws TwolaneError `invalid_flow` for a flow without jobs, `too_many_jobs` beyond the limit. */
export function planFlow(flow: Flow): PlannedJob[] {
  const planned: PlannedJob[] = [];
  plan(flow, '', [], planned);
  const edges = planned.reduce((sum, { after }) => sum + after.length, 0);
  if (edges > maxFlowEdges)
    throw refuse(`has up to ${maxFlowEdges} waits, this one ${edges}: put one job between wide groups`);
  if (planned.length === 0) throw new TwolaneError('invalid_flow', 'The flow has no jobs');
  return planned;
}

/** Adds a part of the flow that starts after the places given; answers the places that whatever follows has to wait for. */
function plan(flow: Flow, pointer: string, after: number[], planned: PlannedJob[]): number[] {
  const all = (parts: readonly Flow[], name: string) =>
    // An empty group is passed through.
    parts.length === 0
      ? after
      : [...new Set(parts.flatMap((part, index) => plan(part, `${pointer}/${name}/${index}`, after, planned)))];
  if ('chain' in flow)
    return flow.chain.reduce((ends, step, index) => plan(step, `${pointer}/chain/${index}`, ends, planned), after);
  if ('parallel' in flow) return all(flow.parallel, 'parallel');
  if ('chord' in flow) return plan(flow.next, `${pointer}/next`, all(flow.chord, 'chord'), planned);
  const waitsFor = all(flow.children ?? [], 'children');
  if (planned.length === maxFlowJobs)
    throw refuse(`has up to ${maxFlowJobs} jobs; let its last one start another flow`);
  planned.push({ pointer, job: flow, after: waitsFor });
  return [planned.length];
}

function refuse(why: string): TwolaneError {
  return new TwolaneError('too_many_jobs', `A flow ${why}`);
}
