// SPDX-License-Identifier: Apache-2.0
// Builds dist/ from the sources, the same bytes every time; with the argument `tests`, builds the tests instead.

import { build } from "esbuild";
import { copyFile, mkdir, rm } from "node:fs/promises";
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
  await rm(at("dist"), { recursive: true, force: true });
  await mkdir(at("dist"), { recursive: true });
  const browser = { ...common, platform: "browser", format: "iife" };
  // The trusted script is on the way of every page, so it is small; the dashboard stays readable.
  await build({ ...browser, entryPoints: ["script/main.ts"], outfile: at("dist/script.js"), minify: true });
  await build({ ...browser, entryPoints: ["dashboard/main.ts"], outfile: at("dist/dashboard.js") });
  await copyFile(at("dashboard/dashboard.css"), at("dist/dashboard.css"));
  await copyFile(at("dashboard/index.html"), at("dist/index.html"));
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
