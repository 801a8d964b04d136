import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
const CONFIG = ".dependency-cruiser.cjs";
/** More than the check wants to have seen. */
const ENOUGH_MODULES = 120;

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

interface Config {
  readonly forbidden: readonly { readonly name: string }[];
}

/** For each rule one file, and what it must not import. */
const VIOLATIONS: Readonly<Record<string, readonly [file: string, imported: string]>> = {
  "room-api": ["pkg/api/a.ts", "../bundle/inner.ts"],
  "room-lock": ["pkg/lock/a.ts", "../tekton/inner.ts"],
  "room-tekton": ["pkg/tekton/a.ts", "../lock/inner.ts"],
  "room-execution": ["pkg/execution/a.ts", "../runtime/inner.ts"],
  "room-runtime": ["pkg/runtime/a.ts", "../api/inner.ts"],
  "room-audit": ["pkg/audit/a.ts", "../execution/inner.ts"],
  "room-controller": ["pkg/controller/a.ts", "../kube/inner.ts"],
  "room-kube": ["pkg/kube/a.ts", "../execution/inner.ts"],
  "room-bundle": ["pkg/bundle/a.ts", "../api/inner.ts"],
  "room-config": ["pkg/config/a.ts", "../api/inner.ts"],
  "room-telemetry": ["pkg/telemetry/a.ts", "../api/inner.ts"],
  "ports-are-types": ["pkg/kube/uses-ports.ts", "../controller/ports.ts"],
  "pure-no-node": ["pkg/lock/reads-files.ts", "node:fs"],
  "sha256-only-crypto": ["pkg/api/sha256.ts", "node:fs"],
  "pure-no-npm": ["pkg/lock/uses-yaml.ts", "yaml"],
  "runtime-only-timers-and-events": ["pkg/runtime/reads-files.ts", "node:fs"],
  "runtime-no-npm": ["pkg/runtime/uses-yaml.ts", "yaml"],
  "pg-in-audit": ["pkg/bundle/uses-pg.ts", "pg"],
  "kubernetes-client-in-kube": ["pkg/bundle/uses-undici.ts", "undici"],
  "pino-and-prom-client-in-telemetry": ["pkg/bundle/uses-pino.ts", "pino"],
  "ajv-in-config": ["pkg/bundle/uses-ajv.ts", "ajv"],
  "nobody-imports-cmd": ["pkg/bundle/uses-cmd.ts", "../../cmd/inner.ts"],
  "no-test-in-product": ["cmd/uses-test.ts", "../test/inner.ts"],
  "no-circular": ["pkg/bundle/circle.ts", "./circle.ts"],
  "not-to-unresolvable": ["pkg/bundle/lost.ts", "./nowhere.ts"],
  "not-to-dev-dependency": ["cmd/uses-dev.ts", "fast-check"],
};

/** Rules that a violation of another one can't but break too. */
const ALSO: Readonly<Record<string, readonly string[]>> = {
  "nobody-imports-cmd": ["room-bundle"],
};

describe("the boundaries between the rooms", () => {
  let folder = "";
  let violations: readonly Violation[] = [];

  before(async () => {
    folder = await aProject();
    const files = Object.values(VIOLATIONS);
    for (const [file, imported] of files) await put(folder, file, `import { it } from "${imported}";\nit();\n`);
    violations = await cruise(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const [name, [file, imported]] of Object.entries(VIOLATIONS)) {
    it(`are guarded by the rule ${name} (${file} imports ${imported})`, () => {
      const broken = violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);
      assert.deepEqual(broken.toSorted(), [name, ...(ALSO[name] ?? [])].toSorted());
    });
  }

  it("are guarded by no rule that isn't proven here", () => {
    const { forbidden } = createRequire(import.meta.url)(join(root, CONFIG)) as Config;
    const names = forbidden.map(({ name }) => name);
    assert.deepEqual(names.toSorted(), Object.keys(VIOLATIONS).toSorted());
  });

  it("let nothing else be found", () => {
    const guilty = new Set(Object.values(VIOLATIONS).map(([file]) => file));
    assert.deepEqual(
      violations.filter(({ from }) => !guilty.has(from)),
      [],
    );
  });
});

describe("the check of the boundaries", () => {
  let folder = "";

  before(async () => {
    folder = await aProject();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("fails where it saw next to nothing", async () => {
    const { code, stderr } = await check(folder);
    assert.equal(code, 1);
    assert.match(stderr, /only \d+ modules were seen/);
  });

  it("succeeds where it saw the code and nothing is wrong", async () => {
    for (let n = 0; n < ENOUGH_MODULES; n += 1) await put(folder, `pkg/api/n${String(n)}.ts`, "export const n = 1;\n");
    assert.deepEqual(await check(folder), { code: 0, stderr: "" });
  });

  it("fails where one import is wrong, and names it", async () => {
    await put(folder, "pkg/api/wrong.ts", 'import { it } from "../bundle/inner.ts";\nit();\n');
    const { code, stderr } = await check(folder);
    assert.equal(code, 1);
    assert.match(stderr, /pkg\/api\/wrong\.ts -> pkg\/bundle\/inner\.ts: room-api/);
  });
});

/** A project with the product's own configuration, one module in each room, and nothing wrong. */
async function aProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "boundaries-"));
  for (const file of [CONFIG, "tsconfig.json", "package.json"]) await cp(join(root, file), join(folder, file));
  for (const name of ["ajv", "fast-check", "pg", "pino", "undici", "yaml"]) await installed(folder, name);
  const rooms = ["api", "lock", "tekton", "execution", "runtime", "audit", "controller", "kube", "bundle", "config"];
  const inner = [...rooms, "telemetry"].map((room) => `pkg/${room}/inner.ts`);
  for (const file of [...inner, "pkg/controller/ports.ts", "cmd/inner.ts", "test/inner.ts"]) {
    await put(folder, file, "export function it(): void {}\n");
  }
  await put(
    folder,
    "pkg/kube/adapter.ts",
    'import type { it } from "../controller/ports.ts";\nexport type It = typeof it;\n',
  );
  return folder;
}

/** A package of that name; the real one would be found outside of the folder. */
async function installed(folder: string, name: string): Promise<void> {
  const manifest = { name, version: "1.0.0", type: "module", exports: "./index.js" };
  await put(folder, `node_modules/${name}/package.json`, JSON.stringify(manifest));
  await put(folder, `node_modules/${name}/index.js`, "export function it() {}\n");
}

async function put(folder: string, file: string, text: string): Promise<void> {
  await mkdir(join(folder, dirname(file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

async function cruise(folder: string): Promise<readonly Violation[]> {
  const depcruise = join(root, "node_modules/.bin/depcruise");
  const given = ["--config", CONFIG, "--output-type", "json", "cmd", "pkg", "test"];
  const { stdout } = await run(depcruise, given, folder);
  return (JSON.parse(stdout) as { readonly summary: { readonly violations: readonly Violation[] } }).summary.violations;
}

async function check(folder: string): Promise<{ readonly code: number; readonly stderr: string }> {
  const { code, stderr } = await run(process.execPath, [join(root, "test/checks/boundaries.ts")], folder);
  return { code, stderr };
}

async function run(
  program: string,
  given: readonly string[],
  cwd: string,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const env = { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}` };
  return promisify(execFile)(program, [...given], { cwd, env, maxBuffer: 16 * 1024 * 1024 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { readonly code: number; readonly stdout: string; readonly stderr: string },
  );
}
