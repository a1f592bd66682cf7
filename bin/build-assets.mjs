// Builds static/src into static/built: bundled, split, minified, named by content, precompressed.
//
// static/built/manifest.json tells the names: {"app.css": "app-1A2B3C4D.css", …} and, under
// "sources", a digest of what they were made from. tests/test_assets.py computes it again, so
// that nobody commits sources without their build. Run it by `make assets`.

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const SOURCES = join(ROOT, "static/src");
const BUILT = join(ROOT, "static/built");
const ENTRIES = ["css/app.css", "css/monitoring.css", "css/sns.css", "js/app.js", "js/head.js", "js/stripe.js", "pictures/*.svg"];
const ASSETS = { ".woff2": "file", ".svg": "copy", ".webp": "file" };

// The first versions with light-dark() colours and popovers.
const BROWSERS = ["chrome123", "edge123", "firefox125", "safari17.5"];

function bundle() {
  return build({
    entryPoints: ENTRIES.map((path) => join(SOURCES, path)),
    outdir: BUILT,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    loader: ASSETS,
    target: BROWSERS,
    format: "esm",
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    write: false,
    logLevel: "warning",
    absWorkingDir: ROOT,
  });
}

// "app.css" → "app-1A2B3C4D.css" for whatever a template may name: entries, fonts, pictures.
function namesOf(metafile) {
  const named = Object.entries(metafile.outputs).flatMap(([output, { entryPoint, inputs }]) => {
    const only = Object.keys(inputs).length === 1 ? Object.keys(inputs)[0] : "";
    const asset = Object.keys(ASSETS).some((ending) => only.endsWith(ending)) ? only : "";
    const source = entryPoint ?? asset;
    return source ? [[basename(source), basename(output)]] : [];
  });
  return Object.fromEntries(named.sort());
}

// Of one line per file, "<sha256>  <path>", in the order of paths: as sha256sum would print.
async function digestOfSources() {
  const found = await readdir(SOURCES, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const lines = [...files, join(ROOT, "package-lock.json")]
    .map((path) => relative(ROOT, path))
    .sort()
    .map(async (path) => `${sha256(await readFile(join(ROOT, path)))}  ${path}\n`);
  return sha256((await Promise.all(lines)).join(""));
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function compressed(name, contents) {
  if (!/\.(css|js|svg)$/.test(name)) return [];
  const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return [
    [`${name}.br`, brotliCompressSync(contents, { params: quality })],
    [`${name}.gz`, gzipSync(contents, { level: 9 })],
  ];
}

async function replaceBuilt(files) {
  await mkdir(BUILT, { recursive: true });
  await Promise.all([...files].map(([name, contents]) => writeFile(join(BUILT, name), contents)));
  const stale = (await readdir(BUILT)).filter((name) => !files.has(name));
  await Promise.all(stale.map((name) => rm(join(BUILT, name))));
}

const { outputFiles, metafile } = await bundle();
const files = new Map();
for (const { path, contents } of outputFiles) {
  const name = basename(path);
  files.set(name, contents);
  for (const [variant, bytes] of compressed(name, contents)) files.set(variant, bytes);
}
const manifest = { ...namesOf(metafile), sources: await digestOfSources() };
files.set("manifest.json", `${JSON.stringify(manifest, null, 2)}\n`);
await replaceBuilt(files);

for (const { path, contents } of outputFiles) {
  const name = basename(path);
  const sent = files.get(`${name}.br`) ?? contents;
  console.log(`${name.padEnd(28)} ${contents.length} bytes, ${sent.length} sent`);
}
