/** The flow of a job as a graph; each job leads to its page. Large flows as counts by state. */
import type { FlowView } from '../../../../src/contract/flow.ts';
import type { JobDetail } from '../../../../src/contract/job-view.ts';
import { isFinal } from '../../../../src/contract/state.ts';
import { getFlow } from '../api.ts';
import { layoutOf, node } from '../flow-layout.ts';
import { counted } from '../format.ts';
import { useLoad } from '../use-load.ts';
import { State } from './small.tsx';

/** More than so many jobs are no picture any more. */
const mostShown = 80;

export function FlowCard({ job }: { job: JobDetail }) {
  const { data } = useLoad(
    `flow ${job.id} ${job.state}`,
    (signal) => getFlow(job.id, signal),
    isFinal(job.state) ? 0 : 2_000,
  );
  const flow = data?.flow;
  if (!flow) return null;
  return (
    <section class="card" aria-label="Flow">
      <header class="pad">
        <h2>Flow</h2>
        <span class="soft">
          {Object.entries(flow.counts)
            .map(([state, n]) => counted(n, state, state))
            .join(' · ')}
        </span>
      </header>
      {flow.jobs.length <= mostShown && <Graph flow={flow} present={job.id} />}
    </section>
  );
}

function Graph({ flow, present }: { flow: FlowView; present: string }) {
  const { nodes, lines, width, height } = layoutOf(flow.jobs);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section class="scroll flow" tabIndex={0} aria-label="Jobs of the flow">
      <div class="graph" style={{ width: `${width}px`, height: `${height}px` }}>
        <svg width={width} height={height} aria-hidden="true">
          {lines.map((path) => (
            <path key={path} d={path} />
          ))}
        </svg>
        {nodes.map(({ job, x, y }) => (
          <a
            key={job.id}
            class={`node ${job.state}`}
            href={`jobs/${job.id}`}
            aria-current={job.id === present ? 'true' : undefined}
            style={{ left: `${x}px`, top: `${y}px`, width: `${node.width}px`, height: `${node.height}px` }}
          >
            <span class="clip">{job.type}</span>
            <State state={job.state} />
          </a>
        ))}
      </div>
    </section>
  );
}
