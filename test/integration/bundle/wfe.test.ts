import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { CommandResult } from "../../cluster/run-command.ts";
import { runCommand } from "../../cluster/run-command.ts";
import { startFakeRegistry } from "./fake-registry.ts";
import type { FakeRegistry } from "./fake-registry.ts";

const root = join(import.meta.dirname, "../../..");
const bundle = join(root, "bundles/restart-deployment");

let registry: FakeRegistry;
let guarded: FakeRegistry;
let folder = "";

before(async () => {
  registry = await startFakeRegistry();
  guarded = await startFakeRegistry({ login: { scheme: "bearer", userAndPassword: "me:secret" } });
  folder = await mkdtemp(join(tmpdir(), "wfe-"));
  const auth = Buffer.from("me:secret").toString("base64");
  await writeFile(join(folder, "config.json"), JSON.stringify({ auths: { [guarded.address]: { auth } } }));
});
after(async () => {
  await registry.close();
  await guarded.close();
  await rm(folder, { recursive: true });
});

function wfe(...args: readonly string[]): Promise<CommandResult> {
  const env = { DOCKER_CONFIG: folder, NODE_OPTIONS: "" };
  return runCommand(process.execPath, [join(root, "cmd/wfe/main.ts"), ...args], { env, timeoutMs: 30_000 });
}

describe("wfe", () => {
  it("packs a folder: the digest alone on standard output", async () => {
    const { code, stdout, stderr } = await wfe("bundle", "pack", bundle);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^sha256:[0-9a-f]{64}\n$/);
    assert.match(stderr, /^Pipeline workflow \(pipeline\.yaml\)\nstep image action \(placeholder: /);
  });

  it("pushes what it packs: the pinned reference alone on standard output", async () => {
    const image = "--image=action=example.com/kubectl:1";
    const packed = await wfe("bundle", "pack", bundle, image);
    const pushed = await wfe("bundle", "push", bundle, `${registry.address}/a/b:v1`, image);
    assert.equal(pushed.code, 0, pushed.stderr);
    assert.equal(pushed.stdout, `${registry.address}/a/b@${packed.stdout}`);
    assert.match(pushed.stderr, /step image example\.com\/kubectl:1 \(not pinned by a digest/);
  });

  it("logs in with the credentials of docker's config.json", async () => {
    const pushed = await wfe("bundle", "push", bundle, `${guarded.address}/a/b`, "--image", "action=example.com/k:1");
    assert.equal(pushed.code, 0, pushed.stderr);
    assert.doesNotMatch(pushed.stdout + pushed.stderr, /secret/);
  });

  it("pushes nothing with a placeholder left", async () => {
    const { code, stdout, stderr } = await wfe("bundle", "push", bundle, `${registry.address}/left`);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /the image "action" is a placeholder: name one with --image action=REFERENCE\n$/);
    assert.ok(!registry.requests.some((request) => request.includes("/left/")));
  });

  it("refuses a replacement that no step needs", async () => {
    const { code, stderr } = await wfe("bundle", "pack", bundle, "--image", "acton=x/y:1");
    assert.equal(code, 1);
    assert.match(stderr, /--image acton: no step runs an image of that name; they run: action\n$/);
  });

  it("refuses a script with a parameter in it, and says where", async () => {
    const bad = await mkdtemp(join(folder, "bad-"));
    const step = "{ name: main, image: a/b, script: 'echo $(params.NAME)' }";
    const text = `apiVersion: tekton.dev/v1\nkind: Pipeline\nmetadata: { name: workflow }\nspec:\n  tasks:\n    - name: greet\n      taskSpec:\n        steps:\n          - ${step}\n`;
    await writeFile(join(bad, "pipeline.yaml"), text);
    const { code, stdout, stderr } = await wfe("bundle", "push", bad, `${registry.address}/bad`);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^wfe: pipeline\.yaml:9: task "greet", step "main": \$\(params\.NAME\) inside a script: /);
  });

  it("ends with code 1 when the registry can't be reached", async () => {
    const { code, stderr } = await wfe("bundle", "push", bundle, "127.0.0.1:1/a", "--image", "action=a/b:1");
    assert.equal(code, 1);
    assert.match(stderr, /wfe: GET https:\/\/127\.0\.0\.1:1\/v2\/: /);
  });

  it("ends with code 1 when there is no such folder", async () => {
    const { code, stderr } = await wfe("bundle", "pack", join(folder, "absent"));
    assert.equal(code, 1);
    assert.match(stderr, /^wfe: ENOENT: .*absent/);
  });

  it("ends with code 2 and points to the help when it isn't understood", async () => {
    const { code, stdout, stderr } = await wfe("bundle", "push");
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /found 0 operands\nSee wfe --help\.\n$/);
  });

  it("prints its help and its version on standard output", async () => {
    const help = await wfe("--help");
    assert.equal(help.code, 0);
    assert.match(help.stdout, /wfe bundle push FOLDER REGISTRY\/REPOSITORY/);
    assert.match((await wfe("--version")).stdout, /^\d+\.\d+\.\d+\n$/);
  });
});
