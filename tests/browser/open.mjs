// SPDX-License-Identifier: Apache-2.0
// Opens a page in Chromium and prints, as JSON, what a person would see of it and what its scripts could reach.
//
// usage: node open.mjs URL [SCREENSHOT]

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [url, screenshot] = process.argv.slice(2);
const profile = mkdtempSync(join(tmpdir(), 'kith-browser-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.KITH_CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
  ],
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  const seen = { url, status: 0, requests: [], console: [] };
  page.on('response', (response) => seen.requests.push({ url: response.url(), status: response.status() }));
  page.on('requestfailed', (request) => seen.requests.push({ url: request.url(), status: 0 }));
  page.on('console', (message) => seen.console.push(message.text()));
  const response = await page.goto(url, { waitUntil: 'load', timeout: 60_000 });
  seen.status = response?.status() ?? 0;
  // A page that asks for more once it is there is seen with the answers.
  await page.waitForLoadState('networkidle', { timeout: 15_000 }).catch(() => {});
  await page.waitForTimeout(500);
  seen.title = await page.title();
  seen.text = await page.evaluate(() => document.body?.innerText ?? '');
  seen.images = await page.evaluate(() => [...document.images].map((image) => [image.getAttribute('src'), image.naturalWidth]));
  seen.colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  seen.page = await page.evaluate(() => globalThis.page ?? null);
  seen.kith = await page.evaluate(() => globalThis.kith?.resource ?? null);
  seen.secure = await page.evaluate(() => isSecureContext);
  if (screenshot) await page.screenshot({ path: screenshot });
  console.log(JSON.stringify(seen));
} finally {
  await context.close();
  rmSync(profile, { recursive: true, force: true });
}
