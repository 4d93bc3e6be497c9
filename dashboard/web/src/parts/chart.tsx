/** Lines over time, drawn on a canvas, with the same numbers as a table. The library is loaded with the first chart. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type UPlot from 'uplot';
import { timestamp } from '../format.ts';
import { ChartTable } from './chart-table.tsx';

export interface Series {
  title: string;
  /** A token of the look, such as `--good`. */
  color: string;
  values: (number | null)[];
}

export interface ChartProps {
  title: string;
  /** Milliseconds. */
  times: number[];
  /** Ends of the axis of time, milliseconds. */
  from: number;
  to: number;
  series: Series[];
  /** The axis of values reaches so far at least, so that a line of zeros lies at the bottom. Default 1. */
  least?: number;
  /** A value as a person reads it. */
  format(value: number): string;
}

const height = 170;

export function Chart(props: ChartProps) {
  const { title, times, series, format } = props;
  const newest = series.map(({ values }) => values.at(-1) ?? null);
  return (
    <section class="card chart" aria-label={title}>
      <header class="pad">
        <h2>{title}</h2>
        {series.map(({ title: name, color }, index) => {
          const value = newest[index];
          return (
            <span key={name} class="soft">
              <i class="swatch" style={{ background: `var(${color})` }} aria-hidden="true" />
              {name} <b>{value === null || value === undefined ? '–' : format(value)}</b>
            </span>
          );
        })}
      </header>
      <Canvas {...props} />
      <ChartTable times={times} series={series} format={format} title={title} />
    </section>
  );
}

function Canvas({ title, times, from, to, series, least = 1, format }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const [failed, setFailed] = useState(false);
  const names = series.map(({ title: name, color }) => `${name} ${color}`).join();
  const data = [times.map((time) => time / 1_000), ...series.map(({ values }) => values)] as UPlot.AlignedData;
  const latest = useRef({ data, from, to });
  latest.current = { data, from, to };
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let over = false;
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    import('./plot.ts').then(
      ({ drawPlot }) => {
        if (over) return;
        plot.current = drawPlot(
          element,
          { series, format, height, least, range: () => latest.current },
          latest.current.data,
        );
        resized.observe(element);
      },
      () => setFailed(true),
    );
    return () => {
      over = true;
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
    // The plot is made anew for other lines only; new values go into the one that is there.
  }, [names]);
  useEffect(() => plot.current?.setData(latest.current.data), [times, from, to]);
  if (failed) return <p class="pad soft">The chart could not be loaded; the table has its numbers.</p>;
  const [first] = times;
  const label = `${title}: ${times.length} steps${first === undefined ? '' : ` since ${timestamp(new Date(first).toISOString())}`}`;
  return <div ref={box} class="canvas" role="img" aria-label={label} />;
}
