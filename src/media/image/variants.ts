/** What is made of the pixels of an image: plain sizes, squares, filtered ones. Each variant is encoded as a whole. */
import { cascade } from './cascade.ts';
import { applyFilter } from './filters/apply.ts';
import { filters } from './filters/data.ts';
import { type PlannedSize, squareSides } from './plan.ts';
import type { RenderedFile, Wanted } from './protocol.ts';
import { fromPixels, type Pixels } from './sharp.ts';

export interface Variant {
  /** Goes before the width in the names of its files. */
  prefix: string;
  formats: readonly ('webp' | 'jpeg' | 'avif')[];
  /** What its renditions say of themselves. */
  about: Pick<RenderedFile, 'crop' | 'filter'>;
  /** The largest first. */
  pixels(): Promise<readonly Pixels[]>;
}

/** Larger ones take seconds each, and gain least. */
const avifWidth = 1_080;

const everywhere = ['webp', 'jpeg'] as const;

/** In the order in which they are made, and listed. */
export function variantsOf(wanted: Wanted, levels: readonly Pixels[], sizes: readonly PlannedSize[]): Variant[] {
  const largest = levels[0] as Pixels;
  const plain = async () => levels;
  const small = async () => levels.filter(({ width }) => width <= avifWidth);
  const looks = (wanted.filters ?? []).map((filter) => ({
    prefix: `${filter}-`,
    formats: everywhere,
    about: { filter },
    pixels: () => cascade(applyFilter(largest, filters[filter]), sizes),
  }));
  return [
    ...(wanted.plain ? [{ prefix: '', formats: everywhere, about: {}, pixels: plain }] : []),
    ...(wanted.squares
      ? [{ prefix: 'square-', formats: everywhere, about: { crop: 'square' as const }, pixels: () => squares(levels) }]
      : []),
    ...looks,
    ...(wanted.avif ? [{ prefix: '', formats: ['avif'] as const, about: {}, pixels: small }] : []),
  ];
}

/** Cut around what draws the eye: bright, saturated, of the colour of skin. Never enlarged. */
async function squares(levels: readonly Pixels[]): Promise<Pixels[]> {
  const short = ({ width, height }: PlannedSize) => Math.min(width, height);
  const largest = levels[0] as Pixels;
  const sides = [...new Set(squareSides.map((side) => Math.min(side, short(largest))))];
  const [side = 1, ...smaller] = sides;
  const from = levels.findLast((level) => short(level) >= side) ?? largest;
  const cut = fromPixels(from).resize(side, side, { fit: 'cover', position: 'attention' }).raw();
  const square = { ...from, width: side, height: side, data: await cut.toBuffer() };
  const sizeOf = (each: number) => ({ width: each, height: each });
  return cascade(square, [side, ...smaller].map(sizeOf));
}
