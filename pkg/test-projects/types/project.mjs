// The oldest and the newest TypeScript, with each of the places where the types of `Request` and `fetch` can come from.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin, run, version } from "../harness.mjs";

const compilers = { "typescript-5.4": "node_modules/typescript-5.4/bin/tsc", typescript: bin("tsc") };

/** By what a `tsconfig.json` says. Without any of them, `@types/node` is what is missing. */
const origins = [
  { lib: ["ES2022"], types: ["node"] },
  { lib: ["ES2022", "DOM", "DOM.Iterable"], types: [] },
  { lib: ["ES2022"], types: ["@cloudflare/workers-types"] },
];

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: "ES2022",
  module: "NodeNext",
  noEmit: true,
};

export default Object.keys(compilers).map(typesOf);

/** What the types tell, and the examples of the package's README as they stand there. */
function typesOf(compiler) {
  return {
    name: `types, and the examples of the README, by ${compiler}`,
    async run() {
      const readme = writeExamples();
      let passed = 0;
      for (const compilerOptions of origins) {
        const files = ["../types.mts", ...(compilerOptions.types.includes("node") ? readme : [])];
        const project = `types/out/tsconfig.${compiler}.json`;
        writeFileSync(project, JSON.stringify({ compilerOptions: { ...strict, ...compilerOptions }, files }));
        await run(process.execPath, [compilers[compiler], "-p", project]);
        passed += files.length;
      }
      return { version: version(compiler), passed };
    },
  };
}

/** Each example that is marked as TypeScript, in a file of its own. */
function writeExamples() {
  const readme = readFileSync("node_modules/trtc-call/README.md", "utf8");
  const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  if (examples.length === 0) throw new Error("the README shows no TypeScript");
  mkdirSync("types/out", { recursive: true });
  return examples.map((code, index) => {
    const name = `readme-${index + 1}.mts`;
    writeFileSync(join("types/out", name), code);
    return name;
  });
}
