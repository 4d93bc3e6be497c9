/** How the newest jobs that fit spread; each value narrows the filter. */
import { getFacets } from '../api.ts';
import { searchFromFilter } from '../filter-text.ts';
import { count, counted } from '../format.ts';
import { useLoad } from '../use-load.ts';

export function FacetsBar({ fields }: { fields: Record<string, string> }) {
  const query = searchFromFilter(fields);
  const { data } = useLoad(`facets${query}`, (signal) => getFacets(query, signal), 5_000);
  if (!data || data.counted === 0) return null;
  const shown = (['state', 'type', 'queue'] as const).flatMap((name) => {
    const values = data.facets[name];
    return fields[name] !== undefined || values.length < 2 ? [] : values.map((one) => ({ name, ...one }));
  });
  return (
    <p class="facets soft">
      <b>{data.capped ? `more than ${counted(data.counted, 'job')}` : counted(data.counted, 'job')}</b>
      {shown.map(({ name, value, count: jobs }) => (
        <a key={`${name} ${value}`} class="tag" href={`jobs${searchFromFilter({ ...fields, [name]: value })}`}>
          {value} {count(jobs)}
        </a>
      ))}
    </p>
  );
}
