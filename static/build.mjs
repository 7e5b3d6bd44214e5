// Bundles static/css and static/js into static/dist and makes the icon sprite.
// File names carry a hash of their content, so that the server may let browsers keep them for a year;
// manifest.json tells the server which hashed file stands for "app.css", "app.js", "icons.svg" and each picture of img/.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const root = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(root, "dist");
const watching = process.argv.includes("--watch");

const options = {
  absWorkingDir: root,
  entryPoints: ["css/app.css", "js/app.js", "js/sw.js"],
  outdir: dist,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  legalComments: "none",
  loader: { ".svg": "file" },
  // The oldest WebViews inside apps that the workers' phones still carry.
  target: ["chrome99", "safari15.4"],
  metafile: true,
  logLevel: "warning",
};

/** One symbol of the sprite, out of an icon's own file. */
async function symbol(name, source) {
  const own = path.join(root, "img/icons", `${source}.svg`);
  const file = existsSync(own) ? own : path.join(root, "node_modules/bootstrap-icons/icons", `${source}.svg`);
  if (!existsSync(file)) throw new Error(`icons.txt: no icon is called "${source}"`);
  const svg = await readFile(file, "utf8");
  const [, attributes, drawing] = svg.match(/<svg([^>]*)>([\s\S]*)<\/svg>/);
  const [, viewBox] = attributes.match(/viewBox="([^"]+)"/);
  const squeezed = drawing.replace(/\s*\n\s*/g, "").trim();
  return `<symbol id="${name}" viewBox="${viewBox}">${squeezed}</symbol>`;
}

/** The name of a file with the hash of its content in it. */
function hashed(name, content) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  return `${stem}-${hash}${ext}`;
}

/** Copies our pictures (img/, not img/icons/) and returns their names before and after. */
async function copyPictures() {
  const copied = {};
  const entries = await readdir(path.join(root, "img"), { withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const content = await readFile(path.join(root, "img", entry.name));
    copied[entry.name] = hashed(entry.name, content);
    await writeFile(path.join(dist, copied[entry.name]), content);
  }
  return copied;
}

/** Writes the sprite and returns the name of its file. */
async function writeSprite() {
  const lines = (await readFile(path.join(root, "icons.txt"), "utf8")).split("\n");
  const wanted = lines.map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  const symbols = await Promise.all(
    wanted.map((line) => {
      const [name, source = name] = line.split(/\s+/);
      return symbol(name, source);
    }),
  );
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  const name = hashed("icons.svg", sprite);
  await writeFile(path.join(dist, name), sprite);
  return name;
}

/** Writes the manifest last: a server that finds it finds everything that it names. */
async function writeManifest(metafile) {
  const manifest = { "icons.svg": await writeSprite(), ...(await copyPictures()) };
  for (const [file, output] of Object.entries(metafile.outputs)) {
    if (output.entryPoint) manifest[path.basename(output.entryPoint)] = path.basename(file);
  }
  await writeFile(path.join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function report(manifest) {
  for (const [name, file] of Object.entries(manifest)) {
    const packed = gzipSync(await readFile(path.join(dist, file))).length;
    console.log(`${name.padEnd(12)} ${file}  ${(packed / 1024).toFixed(1)} KB compressed`);
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

if (watching) {
  const rewrite = {
    name: "manifest",
    setup(build) {
      build.onEnd(async (result) => {
        if (result.metafile) await writeManifest(result.metafile);
      });
    },
  };
  const context = await esbuild.context({ ...options, plugins: [rewrite] });
  await context.watch();
  console.log("Watching static/css and static/js; stop with Ctrl-C.");
} else {
  const result = await esbuild.build(options);
  await report(await writeManifest(result.metafile));
}
