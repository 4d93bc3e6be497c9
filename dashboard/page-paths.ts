/** The operator's pages by path: the server answers these addresses, and the pages in the browser know what each shows. */
export const pagePaths = [
  '/',
  '/jobs',
  '/jobs/:id',
  '/dead',
  '/operations',
  '/operations/new',
  '/schedules',
  '/workers',
  '/metrics',
  '/media',
  '/alerts',
  '/runbook',
  '/audit',
  '/keys',
  '/operators',
] as const;

export type PagePath = (typeof pagePaths)[number];
