/** What is trending, or why nothing is. */
import { trends } from '../world.ts';

export function Trends() {
  const list = trends.value;
  return (
    <section class="card" aria-labelledby="trending">
      <header class="pad">
        <h2 id="trending">Trending</h2>
      </header>
      <ol class="lines">
        {list?.items.map(({ tag, count }) => (
          <li key={tag}>
            <b>#{tag}</b>
            <small>{count} people</small>
          </li>
        ))}
      </ol>
      {list?.empty && <p class="pad soft">{list.empty.message}</p>}
    </section>
  );
}
