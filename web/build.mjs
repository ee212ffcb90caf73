// SPDX-License-Identifier: Apache-2.0
// Builds dist/ from the sources, the same bytes every time; with the argument `tests`, builds the tests instead.

import { build } from "esbuild";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(here, ...parts);

const common = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  target: "es2022",
};

async function buildDist() {
  const files = {
    // The trusted script is on the way of every page, so it is small; the dashboard stays readable.
    "script.js": await bundle("script/main.ts", { minify: true }),
    "dashboard.js": await bundle("dashboard/main.ts"),
    "dashboard.css": await readFile(at("dashboard/dashboard.css")),
    "index.html": await readFile(at("dashboard/index.html")),
  };
  await mkdir(at("dist"), { recursive: true });
  for (const name of await readdir(at("dist"))) {
    if (!(name in files)) await rm(at("dist", name), { recursive: true });
  }
  for (const [name, content] of Object.entries(files)) await writeIfOther(at("dist", name), content);
}

async function bundle(entry, settings) {
  const browser = { platform: "browser", format: "iife", write: false };
  const { outputFiles } = await build({ ...common, ...browser, ...settings, entryPoints: [entry] });
  return outputFiles[0].contents;
}

/** Leaves a file alone that is right already: what embeds it would be compiled again. */
async function writeIfOther(file, content) {
  const present = await readFile(file).catch(() => undefined);
  if (!present?.equals(content)) await writeFile(file, content);
}

async function buildTests() {
  const out = at("node_modules/.cache/kith-tests");
  await rm(out, { recursive: true, force: true });
  await build({
    ...common,
    platform: "node",
    format: "esm",
    entryPoints: ["test/*.test.ts"],
    outdir: out,
    outExtension: { ".js": ".mjs" },
  });
}

await (process.argv[2] === "tests" ? buildTests() : buildDist());
