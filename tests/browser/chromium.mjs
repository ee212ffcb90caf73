// SPDX-License-Identifier: Apache-2.0
// Starts a Chromium of its own for one page, and leaves nothing of it behind.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

/** Does `work` with an empty page; what it returns. */
export async function inChromium(work) {
  const profile = mkdtempSync(join(tmpdir(), 'kith-browser-'));
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.KITH_CHROMIUM ?? '/usr/bin/chromium',
      headless: true,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    });
    try {
      return await work(context.pages()[0] ?? (await context.newPage()));
    } finally {
      await context.close();
    }
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

/** What a person can read on a page. */
export const textOf = (page) => page.evaluate(() => document.body?.innerText ?? '');
