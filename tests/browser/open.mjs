// SPDX-License-Identifier: Apache-2.0
// Opens a page in Chromium and prints, as JSON, what a person would see of it and what its scripts could reach.
//
// usage: node open.mjs URL [SCREENSHOT]

import { inChromium, textOf } from './chromium.mjs';

const [url, screenshot] = process.argv.slice(2);
const seen = await inChromium(async (page) => {
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
  seen.text = await textOf(page);
  seen.images = await page.evaluate(() => [...document.images].map((image) => [image.getAttribute('src'), image.naturalWidth]));
  seen.colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  seen.page = await page.evaluate(() => globalThis.page ?? null);
  seen.kith = await page.evaluate(() => globalThis.kith?.resource ?? null);
  seen.secure = await page.evaluate(() => isSecureContext);
  if (screenshot) await page.screenshot({ path: screenshot });
  return seen;
});
console.log(JSON.stringify(seen));
