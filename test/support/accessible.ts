/** Asks axe whether people with a screen reader or without a mouse can use a page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules that the page breaks, each with the elements to blame; an empty list is what one wants. */
export async function violations(page: Page): Promise<string[]> {
  // As the debugger, whom the page's policy does not bind.
  await page.evaluate(`${axe}; undefined`);
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`);
}
