/** The documentation as a small site: `npm run docs:dev` while writing, `npm run docs:build` makes docs/.vitepress/dist. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import { pages } from './pages.ts';

const decisionsFolder = fileURLToPath(new URL('../decisions', import.meta.url));

/** Every decision by its number, named by its own title. */
const decisions = readdirSync(decisionsFolder)
  .filter((name) => /^\d{3}-.*\.md$/.test(name))
  .sort()
  .map((name) => {
    const title = /^# (.+)$/m.exec(readFileSync(`${decisionsFolder}/${name}`, 'utf8'))?.[1] ?? name;
    return { text: title, link: `/decisions/${name.slice(0, -3)}` };
  });

export default defineConfig({
  title: 'Twolane',
  description: 'Background jobs for photo and video sharing products',
  lang: 'en',
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: true,
  lastUpdated: false,
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'First five minutes', link: '/first-five-minutes' },
      { text: 'Jobs', link: '/jobs' },
      { text: 'Operating', link: '/operating' },
    ],
    sidebar: [...pages, { text: 'Decisions', collapsed: true, items: decisions }],
  },
});
