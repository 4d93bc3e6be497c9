/** The demo: a page on which anybody may be one of the seeded people. Only where TWOLANE_DEMO says so. */
import { fileURLToPath } from 'node:url';
import type { DatabaseFor } from '../../contract/database.ts';
import type { Route } from '../../http/route.ts';
import type { SocialServices } from '../services.ts';
import { demoPages } from './pages.ts';
import { DemoPeople } from './people.ts';
import { listPeople } from './routes/list-people.ts';
import { startDemoSession } from './routes/start-demo-session.ts';

export function demoRoutes(db: DatabaseFor, services: Pick<SocialServices, 'tokens'>): Route[] {
  const people = new DemoPeople(db);
  const built = fileURLToPath(new URL('./web/dist', import.meta.url));
  return [listPeople(people), startDemoSession(people, services), ...demoPages(built)];
}
