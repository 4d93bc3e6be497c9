/** What became of strangers' files, as a table. Pure. */

export const verdicts = ['ready', 'refused', 'crashed', 'hung'] as const;

export interface Tried {
  /** Relative to the folder. */
  file: string;
  bytes: number;
  /** `crashed`: something here broke, whatever the file. */
  verdict: (typeof verdicts)[number];
  /** Why it was refused, or what broke. */
  code?: string;
  ms: number;
}

/** Codes that no file should be able to bring about. */
const broken = new Set([
  'image_crashed',
  'image_failed',
  'crash_loop',
  'processing_failed',
  'unexpected_output',
  'ffmpeg_missing',
  'file_missing',
]);

export function verdictOf(code: string | undefined): Tried['verdict'] {
  if (code === undefined) return 'ready';
  return broken.has(code) ? 'crashed' : 'refused';
}

/** Markdown: how many of each verdict and code, then each file that crashed or hung. */
export function table(tried: readonly Tried[]): string {
  const groups = new Map<string, Tried[]>();
  for (const one of tried) {
    const name = `${one.verdict}\t${one.code ?? ''}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  const order = (name: string) => verdicts.findIndex((verdict) => name.startsWith(verdict));
  const rows = [...groups]
    .sort(([a, some], [b, others]) => order(a) - order(b) || others.length - some.length)
    .map(([name, files]) => {
      const [verdict = '', code = ''] = name.split('\t');
      const slowest = Math.max(...files.map(({ ms }) => ms));
      return row(
        verdict,
        code && `\`${code}\``,
        files.length,
        `${(slowest / 1_000).toFixed(1)} s`,
        files[0]?.file ?? '',
      );
    });
  const totals = verdicts.map((verdict) => `${tried.filter((one) => one.verdict === verdict).length} ${verdict}`);
  const bad = tried.filter(({ verdict }) => verdict === 'crashed' || verdict === 'hung');
  return [
    `${tried.length} files: ${totals.join(', ')}.`,
    '',
    row('Verdict', 'Code', 'Files', 'Slowest', 'Such as'),
    row('---', '---', '---:', '---:', '---'),
    ...rows,
    ...(bad.length > 0 ? ['', ...bad.map(({ file, verdict, code }) => `- ${verdict}: ${file} (${code ?? ''})`)] : []),
    '',
  ].join('\n');
}

/** A name may hold anything; a table must not. */
function row(...cells: (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll(/[|\r\n]/g, ' ')).join(' | ')} |`;
}
