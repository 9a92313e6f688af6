// Makes prosemirror.js again: in this folder, `npm install --no-save` the packages of SOURCES.txt with esbuild, then
// `node build.mjs`. A page loads the result as it is; nothing of it is fetched from another host.
import { build } from "esbuild";

await build({
  entryPoints: ["prosemirror.entry.mjs"],
  outfile: "prosemirror.js",
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
});
