/** The drawing of charts: a chunk of its own, since only one page needs it. */
import 'uplot/dist/uPlot.min.css';
import UPlot from 'uplot';
import type { Series } from './chart.tsx';

interface PlotOptions {
  series: readonly Series[];
  format(value: number): string;
  height: number;
  /** The axis of values reaches so far at least. */
  least: number;
  /** Ends of the axis of time as they are now, milliseconds. */
  range(): { from: number; to: number };
}

/** Draws into `element`, as wide as it is. */
export function drawPlot(element: HTMLElement, options: PlotOptions, data: UPlot.AlignedData): UPlot {
  const { series, format, height, least, range } = options;
  const token = (name: string) => getComputedStyle(element).getPropertyValue(name).trim();
  const font = '11px system-ui, "DejaVu Sans", sans-serif';
  const axis = {
    font,
    stroke: () => token('--faint'),
    grid: { stroke: () => token('--line'), width: 1 },
    ticks: { show: false },
  };
  return new UPlot(
    {
      width: element.clientWidth,
      height,
      padding: [10, 12, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      scales: {
        x: { range: () => [range().from / 1_000, range().to / 1_000] },
        y: { range: (_plot, _lowest, most) => [0, Math.max(most * 1.1, least)] },
      },
      axes: [
        { ...axis, space: 70, size: 26, values: (_plot, ticks) => clockLabels(ticks) },
        { ...axis, size: 64, incrs: steps, values: (_plot, ticks) => ticks.map(format) },
      ],
      series: [
        {},
        ...series.map(({ title, color }) => ({
          label: title,
          width: 1.5,
          stroke: () => token(color),
          points: { size: 5 },
        })),
      ],
      plugins: [tooltip(series, format), otherColours],
    },
    data,
    element,
  );
}

/** Between two lines of the axis of values: what one digit can say. */
const steps = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** (power - 1))).flat();

/** Draws again where the system turns dark or light: colours are read when something is drawn. */
const otherColours: UPlot.Plugin = (() => {
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const listeners = new WeakMap<UPlot, () => void>();
  return {
    hooks: {
      init(plot: UPlot) {
        const redraw = () => plot.redraw();
        listeners.set(plot, redraw);
        scheme.addEventListener('change', redraw);
      },
      destroy(plot: UPlot) {
        const redraw = listeners.get(plot);
        if (redraw) scheme.removeEventListener('change', redraw);
      },
    },
  };
})();

const dayS = 86_400;

/** Hours and minutes; the date where a day begins, and alone where steps are days. */
function clockLabels(ticks: readonly number[]): string[] {
  const stepS = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return ticks.map((tick) => {
    const at = new Date(tick * 1_000);
    const midnight = at.getHours() === 0 && at.getMinutes() === 0;
    if (stepS >= dayS || midnight) return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
    return at.toTimeString().slice(0, 5);
  });
}

/** What the lines say at the pointer. */
function tooltip(series: readonly Series[], format: (value: number) => string): UPlot.Plugin {
  const box = document.createElement('div');
  box.className = 'tip';
  box.hidden = true;
  return {
    hooks: {
      init: (plot) => plot.over.append(box),
      setCursor(plot) {
        const { idx, left = 0 } = plot.cursor;
        const time = idx === null || idx === undefined ? undefined : plot.data[0][idx];
        box.hidden = time === undefined || left < 0;
        if (time === undefined || idx === null || idx === undefined) return;
        const lines = series.map(({ title }, index) => {
          const value = plot.data[index + 1]?.[idx];
          return `${title} ${value === null || value === undefined ? '–' : format(value)}`;
        });
        box.textContent = [new Date(time * 1_000).toLocaleString('en-GB'), ...lines].join('\n');
        box.classList.toggle('left', left > plot.over.clientWidth / 2);
        box.style.setProperty('--at', `${left}px`);
      },
    },
  };
}
