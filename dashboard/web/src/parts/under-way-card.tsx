/** What moves many jobs or fills many feeds at this moment, and how far it is. */
import type { Operation } from '../../../../src/contract/operation.ts';
import type { FanOutView } from '../../../../src/contract/product.ts';
import type { Overview } from '../../../overview.ts';
import { count, counted } from '../format.ts';
import { filterWords } from './operations-card.tsx';
import { Empty } from './small.tsx';

export function UnderWayCard({ underWay: { operations, fanOuts } }: Pick<Overview, 'underWay'>) {
  return (
    <section class="card" aria-label="Under way">
      <header class="pad">
        <h2>Under way</h2>
      </header>
      {operations.length + fanOuts.length === 0 ? (
        <Empty title="Nothing is under way">
          Changes to many jobs, and posts on their way into many feeds, are shown here.
        </Empty>
      ) : (
        <table>
          <tbody>
            {operations.map((operation) => (
              <OperationRow key={operation.id} operation={operation} />
            ))}
            {fanOuts.map((fanOut) => (
              <FanOutRow key={fanOut.jobId} fanOut={fanOut} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function OperationRow({
  operation: { action, filter, status, stage, stages, moved, matched },
}: {
  operation: Operation;
}) {
  const place = stages.length > 1 ? `stage ${stage + 1} of ${stages.length}` : status;
  return (
    <tr>
      <td>
        <a href="operations">{action}</a>
        <small class="mono clip">{filterWords(filter)}</small>
        <small>{place}</small>
      </td>
      <td class="num">{matched === null ? 'counting' : `${count(moved)} of ${count(matched)}`}</td>
    </tr>
  );
}

function FanOutRow({ fanOut: { jobId, postId, pass, followers, delivered } }: { fanOut: FanOutView }) {
  return (
    <tr>
      <td>
        <a href={`jobs/${jobId}`}>
          {pass === 'deliver' ? 'Into' : 'Out of'} the feeds of {counted(followers, 'follower')}
        </a>
        <small>post {postId}</small>
      </td>
      <td class="num">{Math.round((delivered / Math.max(1, followers)) * 100)} %</td>
    </tr>
  );
}
