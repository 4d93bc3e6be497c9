/** Asks axe whether people with a screen reader or without a mouse can use a page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/**
 * Each element that breaks a rule, with what is wrong with it; an empty list is what one wants.
 * @param rules only these. Default: all
 */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  // As the debugger, whom the page's policy does not bind; once per load of the page.
  if (!(await page.evaluate<boolean>('typeof axe === "object"'))) await page.evaluate(`${axe}; undefined`);
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  const found = await page.evaluate<Violation[]>(`axe.run(${options}).then((result) => result.violations)`);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}
