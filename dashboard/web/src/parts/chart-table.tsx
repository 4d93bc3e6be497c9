/** The numbers of a chart as a table, for whoever can't see the lines or wants to copy them. */
import { useState } from 'preact/hooks';
import { timestamp } from '../format.ts';
import type { ChartProps } from './chart.tsx';

export function ChartTable({
  title,
  times,
  series,
  format,
}: Pick<ChartProps, 'title' | 'times' | 'series' | 'format'>) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>As a table</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <section class="scroll code" tabIndex={0} aria-label={`${title}, as a table`}>
          <table>
            <thead>
              <tr>
                <th>From</th>
                {series.map(({ title: name }) => (
                  <th key={name} class="num">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.toReversed().map((time, row) => (
                <tr key={time}>
                  <th scope="row">{timestamp(new Date(time).toISOString()).slice(0, -7)}</th>
                  {series.map(({ title: name, values }) => {
                    const value = values[values.length - 1 - row];
                    return (
                      <td key={name} class="num">
                        {value === null || value === undefined ? '–' : format(value)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
