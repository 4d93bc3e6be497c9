/** What `npm run chaos` may be told. */
export const chaosFlags = {
  /** How long injuries are inflicted. */
  minutes: { type: 'string', default: '10' },
  /** Draws load and schedule; the same seed draws the same. Default: another one each time. */
  seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  /** Jobs a second. */
  rate: { type: 'string', default: '150' },
  /** Only injuries whose names have this in them. */
  only: { type: 'string', default: '' },
  /** The page that the verdict is written into. */
  report: { type: 'string' },
} as const;
