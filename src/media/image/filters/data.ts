/** The filters as data: what `apply.ts` does with the pixels, in this order: curves, matrix, blend, vignette. */
import type { FilterName } from '../../../contract/index.ts';

export type Rgb = readonly [red: number, green: number, blue: number];
/** In and out, 0 to 255. */
export type Point = readonly [from: number, to: number];
export type BlendMode = 'multiply' | 'screen' | 'overlay' | 'soft-light';

export interface Filter {
  /** Control points from dark to light, of all channels and then of single ones; a smooth curve leads through them. */
  curves?: Readonly<Partial<Record<'all' | 'red' | 'green' | 'blue', readonly Point[]>>>;
  /** Three rows: how much of red, green and blue goes into the red, the green, the blue of the result. */
  matrix?: readonly number[];
  /** One colour laid over everything. */
  blend?: { mode: BlendMode; colour: Rgb; strength: number };
  /** A colour that the corners fade to; `from` is where it begins, as a share of the way from the centre to a corner. */
  vignette?: { colour: Rgb; from: number; strength: number };
}

/** Weights of what an eye takes for brightness (ITU-R BT.709). */
const bright: Rgb = [0.2126, 0.7152, 0.0722];

/** A matrix that keeps brightness: 0 gives greys, 1 changes nothing, above 1 colours glow. */
function saturation(amount: number): number[] {
  return [0, 1, 2].flatMap((row) =>
    bright.map((weight, column) => weight * (1 - amount) + (row === column ? amount : 0)),
  );
}

/** Greys of one's own weights, as black-and-white film behind a coloured glass. */
function greys(red: number, green: number, blue: number): number[] {
  return [red, green, blue, red, green, blue, red, green, blue];
}

const black: Rgb = [0, 0, 0];

export const filters: Readonly<Record<FilterName, Filter>> = {
  /** Late light: warm, with lifted middles. */
  amber: {
    curves: {
      all: [
        [0, 6],
        [110, 122],
        [255, 255],
      ],
      red: [
        [0, 8],
        [128, 142],
        [255, 255],
      ],
      blue: [
        [0, 0],
        [128, 112],
        [255, 232],
      ],
    },
    matrix: saturation(1.12),
    blend: { mode: 'soft-light', colour: [255, 180, 90], strength: 0.22 },
  },
  /** A morning at the window: light, cool, a little pale. */
  breeze: {
    curves: {
      all: [
        [0, 22],
        [96, 120],
        [255, 255],
      ],
      blue: [
        [0, 14],
        [128, 138],
        [255, 255],
      ],
    },
    matrix: saturation(0.88),
    blend: { mode: 'screen', colour: [60, 84, 110], strength: 0.2 },
  },
  /** Burnt down: flat blacks, little colour, dark edges. */
  cinder: {
    curves: {
      all: [
        [0, 26],
        [64, 58],
        [150, 158],
        [255, 236],
      ],
    },
    matrix: saturation(0.5),
    vignette: { colour: [16, 12, 12], from: 0.5, strength: 0.55 },
  },
  /** Meadow after rain: greens come forward. */
  clover: {
    curves: {
      green: [
        [0, 4],
        [120, 134],
        [255, 250],
      ],
      red: [
        [0, 0],
        [128, 122],
        [255, 246],
      ],
    },
    matrix: [1.02, 0.03, -0.05, -0.03, 1.08, -0.05, -0.02, 0.06, 0.96],
    blend: { mode: 'soft-light', colour: [120, 180, 96], strength: 0.16 },
  },
  /** Sand: brown tones, an old print. */
  dune: {
    curves: {
      all: [
        [0, 12],
        [128, 132],
        [255, 246],
      ],
    },
    matrix: [0.45, 0.62, 0.14, 0.36, 0.56, 0.12, 0.27, 0.43, 0.1],
    blend: { mode: 'multiply', colour: [255, 240, 214], strength: 0.5 },
    vignette: { colour: [62, 42, 22], from: 0.62, strength: 0.35 },
  },
  /** By the fire: red glows, corners go down. */
  ember: {
    curves: {
      all: [
        [0, 0],
        [70, 58],
        [190, 204],
        [255, 255],
      ],
      red: [
        [0, 14],
        [128, 144],
        [255, 255],
      ],
    },
    matrix: saturation(1.2),
    vignette: { colour: [52, 8, 0], from: 0.45, strength: 0.6 },
  },
  /** Deep winter: blue, hard, pale. */
  frost: {
    curves: {
      all: [
        [0, 0],
        [64, 60],
        [180, 196],
        [255, 255],
      ],
      blue: [
        [0, 20],
        [128, 144],
        [255, 255],
      ],
    },
    matrix: saturation(0.62),
    blend: { mode: 'overlay', colour: [150, 176, 206], strength: 0.24 },
  },
  /** Ships at dusk: shadows to teal, lights to orange. */
  harbour: {
    curves: {
      red: [
        [0, 0],
        [80, 66],
        [176, 192],
        [255, 255],
      ],
      green: [
        [0, 8],
        [128, 130],
        [255, 250],
      ],
      blue: [
        [0, 30],
        [110, 116],
        [255, 218],
      ],
    },
    matrix: saturation(1.08),
  },
  /** Drawn in ink: greys with much contrast, as behind an orange glass. */
  ink: {
    curves: {
      all: [
        [0, 0],
        [60, 34],
        [128, 132],
        [200, 228],
        [255, 255],
      ],
    },
    matrix: greys(0.5, 0.42, 0.08),
  },
  /** Shallow water: turquoise everywhere but in the brightest places. */
  lagoon: {
    curves: {
      red: [
        [0, 0],
        [128, 112],
        [255, 252],
      ],
      green: [
        [0, 10],
        [128, 136],
        [255, 255],
      ],
      blue: [
        [0, 18],
        [128, 140],
        [255, 250],
      ],
    },
    matrix: saturation(1.05),
    blend: { mode: 'soft-light', colour: [70, 190, 190], strength: 0.25 },
  },
  /** Washed cloth: matte, soft, near to the picture. */
  linen: {
    curves: {
      all: [
        [0, 38],
        [64, 82],
        [192, 200],
        [255, 242],
      ],
    },
    matrix: saturation(0.78),
    blend: { mode: 'multiply', colour: [255, 250, 238], strength: 0.6 },
  },
  /** The last act: greys that fall into black at the edges. */
  noir: {
    curves: {
      all: [
        [0, 0],
        [80, 62],
        [170, 182],
        [255, 250],
      ],
    },
    matrix: greys(0.3, 0.59, 0.11),
    vignette: { colour: black, from: 0.4, strength: 0.85 },
  },
  /** Evening indoors: purple shadows, rosy lights. */
  plum: {
    curves: {
      red: [
        [0, 22],
        [128, 136],
        [255, 252],
      ],
      green: [
        [0, 0],
        [128, 120],
        [255, 246],
      ],
      blue: [
        [0, 34],
        [128, 138],
        [255, 240],
      ],
    },
    matrix: saturation(0.95),
    blend: { mode: 'soft-light', colour: [168, 96, 150], strength: 0.24 },
  },
  /** A field in August: yellow, faded, quiet. */
  wheat: {
    curves: {
      all: [
        [0, 24],
        [128, 138],
        [255, 250],
      ],
      blue: [
        [0, 18],
        [128, 108],
        [255, 206],
      ],
    },
    matrix: saturation(0.84),
    vignette: { colour: [88, 66, 30], from: 0.7, strength: 0.25 },
  },
};
