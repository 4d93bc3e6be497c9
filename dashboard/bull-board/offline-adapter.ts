/** bull-board's Express adapter without its link to a font server: the pages ask no other host for anything. */
import type { AppViewRoute } from '@bull-board/api/typings/app';
import { ExpressAdapter } from '@bull-board/express';
import type { Response } from 'express';

const foreignLink = /<link\b[^>]*\bhref="(https?:)?\/\/[^>]*>/gi;

export class OfflineAdapter extends ExpressAdapter {
  constructor() {
    super();
    this.app.disable('x-powered-by');
  }

  /** As the parent does it, and takes the links to other hosts out of the page. */
  override setEntryRoute(entry: AppViewRoute): ExpressAdapter {
    this.app[entry.method](entry.route, (_req: unknown, res: Response) => {
      const { name, params } = entry.handler({ basePath: this.basePath, uiConfig: this.uiConfig });
      res.render(name, params, (error: Error | null, html?: string) => {
        if (error) throw error;
        res.type('html').send((html ?? '').replace(foreignLink, ''));
      });
    });
    return this;
  }
}
