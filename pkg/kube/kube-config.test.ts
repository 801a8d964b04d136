import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { loadKubeConfig } from "./kube-config.ts";

void describe("a kubeconfig", () => {
  let directory = "";
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "kube-config-"));
  });
  after(async () => {
    await rm(directory, { recursive: true });
  });

  async function file(name: string, text: string): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, text);
    return path;
  }

  it("names the cluster and the user of its current context", async () => {
    const config = loadKubeConfig(await file("one", aConfig("one", "user: {token: abc}")));
    assert.equal(config.getCurrentCluster()?.server, "https://one.example");
    assert.equal(config.getCurrentUser()?.token, "abc");
  });

  it("may be several files: the first current context counts", async () => {
    const first = await file("first", aConfig("first", "user: {token: a}"));
    const second = await file("second", aConfig("second", "user: {token: b}"));
    const config = loadKubeConfig([first, second].join(delimiter));
    assert.equal(config.getCurrentCluster()?.server, "https://first.example");
    assert.deepEqual(
      config.clusters.map(({ name }) => name),
      ["first", "second"],
    );
  });

  it("may name a file with the token, relative to itself; it is not read once and for all", async () => {
    await file("token", "from-file\n");
    const config = loadKubeConfig(
      await file("with-file", aConfig("with-file", "user: {token: old, tokenFile: token}")),
    );
    const headers: Record<string, string> = {};
    const options = { headers };
    await config.applyToHTTPSOptions(options);
    assert.equal(headers["Authorization"], "Bearer from-file\n");
  });

  const faulty = {
    "is not there": { path: "nowhere", text: undefined, says: /kubeconfig .*nowhere: ENOENT/ },
    "is not YAML": { path: "yaml", text: "a: b: c", says: /kubeconfig .*yaml: / },
    "is empty": { path: "empty", text: "", says: /kubeconfig .*empty: / },
    "has no current context": {
      path: "no-context",
      text: "apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\n",
      says: /no-context: its current context names no cluster/,
    },
  };
  for (const [sentence, { path, text, says }] of Object.entries(faulty)) {
    it(`that ${sentence} is refused with the file's name`, async () => {
      const full = text === undefined ? join(directory, path) : await file(path, text);
      assert.throws(() => loadKubeConfig(full), says);
    });
  }
});

function aConfig(name: string, user: string): string {
  return `
apiVersion: v1
kind: Config
current-context: ${name}
clusters: [{name: ${name}, cluster: {server: "https://${name}.example"}}]
users: [{name: ${name}, ${user}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
`;
}
