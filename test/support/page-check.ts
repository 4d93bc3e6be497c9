/** What every page of the operators must be: free of what axe complains about in both schemes, and worth a look, which is kept. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violations } from './accessible.ts';

const folder = fileURLToPath(new URL('../output/pages/', import.meta.url));
const schemes = ['light', 'dark'] as const;
const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

/** `TWOLANE_PICTURES=all` keeps wide and narrow ones in both schemes; otherwise one wide in light, one narrow in dark. */
const all = process.env.TWOLANE_PICTURES === 'all';

/** Notes what the browser refuses on the page's own account: errors, scripts, styles, other hosts. */
export function watchComplaints(page: Page, url: string): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error') complaints.push(line.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  return complaints;
}

/** Asks axe about the page that is open, light and dark, and keeps a picture of each; narrow ones too. */
export async function checkPage(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    if (colorScheme === 'light' || all) await keep(page, `${name}-wide-${colorScheme}`);
    // The schemes differ in colours alone.
    const rules = colorScheme === 'dark' ? ['color-contrast'] : undefined;
    expect([name, colorScheme, await violations(page, rules)]).toEqual([name, colorScheme, []]);
    if (colorScheme === 'light' && !all) continue;
    await page.setViewportSize(narrow);
    const beside = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect([name, 'sticks out by', Math.max(0, beside)]).toEqual([name, 'sticks out by', 0]);
    await keep(page, `${name}-narrow-${colorScheme}`);
    await page.setViewportSize(wide);
  }
}

async function keep(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: true });
}
