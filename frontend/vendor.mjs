// Bundles third-party browser code into static/vendor with a manifest; `--check` rebuilds and compares.
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "static", "vendor");
const modules = join(root, "node_modules");
const check = process.argv.includes("--check");

/** Build everything into a folder. */
async function make(folder) {
  await mkdir(folder, { recursive: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["editor", "socket", "morph"].map((name) => `frontend/entries/${name}.js`),
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    charset: "utf8",
    metafile: true,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  await font(folder);
  await writeFile(join(folder, "icons.svg"), await sprite());
  const names = packages(Object.keys(result.metafile.inputs));
  await writeFile(join(folder, "LICENSES.txt"), await licences(names));
  await writeFile(join(folder, "manifest.json"), JSON.stringify(await manifest(folder, names), null, 2) + "\n");
}

async function font(folder) {
  const files = join(modules, "@fontsource-variable/atkinson-hyperlegible-next/files");
  for (const range of ["latin", "latin-ext"]) {
    const from = join(files, `atkinson-hyperlegible-next-${range}-wght-normal.woff2`);
    await cp(from, join(folder, `atkinson-hyperlegible-next-${range}.woff2`));
  }
}

/** One SVG with a symbol per name in static/icons.txt. */
async function sprite() {
  const names = (await readFile(join(root, "static/icons.txt"), "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(join(modules, "lucide-static/icons", `${name}.svg`), "utf8");
      const inner = svg.replace(/[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s+/g, " ").trim();
      return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

/** The packages that bundled files come from, and those whose files are copied. */
function packages(inputs) {
  const found = new Set(["@fontsource-variable/atkinson-hyperlegible-next", "lucide-static"]);
  for (const input of inputs) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name) found.add(name);
  }
  return [...found].sort();
}

async function licences(names) {
  const parts = [];
  for (const name of names) {
    const folder = join(modules, name);
    const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), "utf8") : "";
    parts.push(`${name} ${about.version} (${about.license ?? "see below"})\n\n${text.trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(78)}\n\n`);
}

async function manifest(folder, names) {
  const versions = {};
  for (const name of names) {
    versions[name] = JSON.parse(await readFile(join(modules, name, "package.json"), "utf8")).version;
  }
  const files = {};
  for (const name of (await readdir(folder)).sort()) {
    if (name === "manifest.json") continue;
    files[name] = createHash("sha256").update(await readFile(join(folder, name))).digest("hex");
  }
  return { packages: versions, files };
}

if (check) {
  const folder = await mkdtemp(join(tmpdir(), "vendor-"));
  await make(folder);
  const names = new Set([...(await readdir(folder)), ...(await readdir(target))]);
  const differing = [];
  for (const name of names) {
    const [made, kept] = await Promise.all(
      [folder, target].map((place) => readFile(join(place, name)).catch(() => Buffer.alloc(0))),
    );
    if (!made.equals(kept)) differing.push(relative(root, join(target, name)));
  }
  await rm(folder, { recursive: true });
  if (differing.length) {
    console.error(`Not what the lock file makes: ${differing.join(", ")}. Run: make vendor`);
    process.exit(1);
  }
} else {
  await rm(target, { recursive: true, force: true });
  await make(target);
}
