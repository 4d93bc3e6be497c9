/** Files that failed for what they are, with the way to run them again; posts on their way into feeds; what is trending. */
import type { ProductInsight } from '../../../../src/contract/product.ts';
import { getMedia } from '../api.ts';
import { counted } from '../format.ts';
import { Pager } from '../parts/pager.tsx';
import { PoisonTable } from '../parts/poison-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty, Time } from '../parts/small.tsx';
import { here } from '../router.ts';
import { useLoad } from '../use-load.ts';

export function Media() {
  const { search } = here.value;
  const { data, error, reload } = useLoad(`media${search}`, (signal) => getMedia(search, signal), 3_000);
  if (!data) return error === undefined ? <p class="soft">Loading</p> : <Problem error={error} onRetry={reload} />;
  const { poison, product } = data;
  return (
    <>
      {product && (
        <div class="lanes">
          <FanOuts product={product} />
          <Trends product={product} />
        </div>
      )}
      <section class="card" aria-label="Files that failed">
        <header class="pad">
          <h1>Files that failed</h1>
          <span class="soft">The same bytes are refused until the pipeline is a newer one.</span>
        </header>
        {error !== undefined && <Problem error={error} onRetry={reload} />}
        {poison.items.length === 0 ? (
          <Empty title="No file has failed for what it is">
            Broken, empty and hostile files are listed here with the reason that their owners were told.
          </Empty>
        ) : (
          <PoisonTable records={poison.items} onChange={reload} />
        )}
        <Pager nextCursor={poison.nextCursor} />
      </section>
    </>
  );
}

function FanOuts({ product: { fanOuts } }: { product: ProductInsight }) {
  return (
    <section class="card" aria-label="Feeds under way">
      <header class="pad">
        <h2>Feeds under way</h2>
        <a href="jobs?type=fan-out-post">jobs</a>
      </header>
      {fanOuts.length === 0 ? (
        <Empty title="Nothing is under way">Every post is in the feeds of all who follow its author.</Empty>
      ) : (
        <table>
          <tbody>
            {fanOuts.map(({ jobId, postId, pass, authorId, followers, delivered, startedAt }) => (
              <tr key={jobId}>
                <th scope="row">
                  <a href={`jobs/${jobId}`}>
                    {pass === 'deliver' ? 'Into' : 'Out of'} the feeds of {counted(followers, 'follower')}
                  </a>
                  <small>
                    post {postId} of {authorId} · <Time at={startedAt} />
                  </small>
                </th>
                <td class="num">
                  {Math.round((delivered / Math.max(1, followers)) * 100)} %
                  <progress
                    class="short"
                    max={Math.max(1, followers)}
                    value={delivered}
                    aria-label={`Feeds of the followers of ${authorId}`}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const shown = 15;

function Trends({ product: { trends } }: { product: ProductInsight }) {
  const strongest = Math.max(1e-9, ...(trends?.items.map(({ score }) => score) ?? []));
  return (
    <section class="card" aria-label="Trending">
      <header class="pad">
        <h2>Trending</h2>
        {trends && (
          <span class="soft">
            as of <Time at={trends.asOf} />
          </span>
        )}
      </header>
      {!trends || trends.items.length === 0 ? (
        <Empty title="Nothing is trending">A tag rises when far more people use it than usual.</Empty>
      ) : (
        <table>
          <tbody>
            {trends.items.slice(0, shown).map(({ tag, score, count: people }) => (
              <tr key={tag}>
                <th scope="row">#{tag}</th>
                <td class="num soft">{counted(people, 'person', 'people')}</td>
                <td class="num">
                  <progress class="short" max={strongest} value={score} aria-label={`Strength of ${tag}`} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
