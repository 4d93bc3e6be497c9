/** The sheet of small pictures along the video, and the WebVTT file that says which of them stands for which second. Pure. */
import { keyframeEveryS } from './ladder.ts';
import type { VideoInfo } from './probe-report.ts';

export interface Sheet {
  /** Of one tile, pixels. */
  width: number;
  height: number;
  columns: number;
  rows: number;
  tiles: number;
  everyS: number;
}

const longSide = 160;
const perRow = 10;
const most = 100;

export function planSheet(info: Pick<VideoInfo, 'width' | 'height' | 'durationS'>): Sheet {
  const scale = Math.min(1, longSide / Math.max(info.width, info.height));
  const everyS = keyframeEveryS * Math.max(1, Math.ceil(info.durationS / most / keyframeEveryS));
  const tiles = Math.max(1, Math.ceil(info.durationS / everyS));
  const columns = Math.min(perRow, tiles);
  const side = (pixels: number) => Math.max(2, Math.round((pixels * scale) / 2) * 2);
  return {
    width: side(info.width),
    height: side(info.height),
    columns,
    rows: Math.ceil(tiles / columns),
    tiles,
    everyS,
  };
}

/** A cue for each tile, with the place in the picture as players read it. */
export function storyboardVtt(sheet: Sheet, durationS: number, picture: string): string {
  const cues = Array.from({ length: sheet.tiles }, (_each, tile) => {
    const [x, y] = [(tile % sheet.columns) * sheet.width, Math.floor(tile / sheet.columns) * sheet.height];
    const until = Math.min((tile + 1) * sheet.everyS, Math.max(durationS, 0.001));
    return `${clock(tile * sheet.everyS)} --> ${clock(until)}\n${picture}#xywh=${x},${y},${sheet.width},${sheet.height}\n`;
  });
  return ['WEBVTT\n', ...cues].join('\n');
}

function clock(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const digits = (value: number, length: number) => String(Math.floor(value)).padStart(length, '0');
  return `${digits(ms / 3_600_000, 2)}:${digits((ms / 60_000) % 60, 2)}:${digits((ms / 1000) % 60, 2)}.${digits(ms % 1000, 3)}`;
}
