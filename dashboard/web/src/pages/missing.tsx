/** A path that leads nowhere. */
import { Empty } from '../parts/small.tsx';

export function Missing() {
  return (
    <section class="card">
      <Empty title="There is no such page">
        The <a href="./">overview</a> links to all of them.
      </Empty>
    </section>
  );
}
