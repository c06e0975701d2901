// Prints how a client starts the server of an unpacked bundle: config.mjs ROOT.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getMcpConfigForManifest } from "@anthropic-ai/mcpb";

const root = process.argv[2];
const manifest = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8"));
const config = await getMcpConfigForManifest({
  manifest,
  extensionPath: root,
  systemDirs: {},
  userConfig: {},
  pathSeparator: "/",
});
for (const value of [config.command, ...config.args, ...Object.values(config.env)]) {
  if (value.includes("${")) throw new Error(`a variable is left in ${value}`);
}
console.log(JSON.stringify(config));
