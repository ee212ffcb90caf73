// SPDX-License-Identifier: Apache-2.0
// Opens a page in Chromium, presses the one button of this name, waits until the page shows it no more, and prints, as JSON,
// what a person could read before and after.
//
// usage: node press.mjs URL BUTTON

import { inChromium, textOf } from './chromium.mjs';

const [url, name] = process.argv.slice(2);
const read = await inChromium(async (page) => {
  await page.goto(url, { waitUntil: 'load', timeout: 60_000 });
  const button = page.getByRole('button', { name, exact: true });
  try {
    await button.waitFor({ timeout: 30_000 });
    const before = await textOf(page);
    await button.click();
    await button.waitFor({ state: 'detached', timeout: 60_000 });
    return { before, after: await textOf(page) };
  } catch (cause) {
    throw new Error(`${cause.message}\nThe page says:\n${await textOf(page)}`);
  }
});
console.log(JSON.stringify(read));
