/** A real browser for tests: Debian's Chromium, without a window. */
import { type Browser, chromium } from 'playwright-core';

/** @param executablePath default `CHROMIUM` or /usr/bin/chromium */
export function startBrowser(executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath, args });
}
