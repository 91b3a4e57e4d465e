import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts the browser of this machine, or the one that `CHROMIUM_PATH` names; none where there is none. */
export async function startChromium(): Promise<Browser | undefined> {
  const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...places].find(existsSync);
  if (executablePath === undefined) return undefined;
  return chromium.launch({
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    executablePath,
  });
}
