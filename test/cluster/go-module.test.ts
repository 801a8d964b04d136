import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { buildFlags, computeKey, minimalGo, requiredVersion } from "./go-module.ts";
import { programsOf } from "./programs.ts";

const goMod = `module cluster.test/kubernetes

go 1.25.0

require (
	go.etcd.io/etcd/server/v3 v3.6.5
	k8s.io/kubernetes v1.35.4
	k8s.io/kubernetes-other v0.1.0 // indirect
)
`;

describe("a go.mod", () => {
  it("tells the version that it requires of a module", () => {
    assert.equal(requiredVersion(goMod, "k8s.io/kubernetes"), "v1.35.4");
  });
  it("is refused when it requires none", () => {
    assert.throws(() => requiredVersion(goMod, "k8s.io/api"), /no version of k8s.io\/api/);
  });
  it("tells the oldest Go", () => {
    assert.equal(minimalGo(goMod), "1.25.0");
  });
});

describe("buildFlags", () => {
  it("stamps Kubernetes with its version", () => {
    const flags = buildFlags("kubernetes", goMod).join(" ");
    assert.match(flags, /component-base\/version\.gitVersion=v1\.35\.4/);
    assert.match(flags, /client-go\/pkg\/version\.gitMinor=35/);
  });
  it("stamps nothing else", () => {
    assert.doesNotMatch(buildFlags("cri", goMod).join(" "), /-X/);
  });
});

describe("computeKey", () => {
  const files = new Map([
    ["go.mod", "a"],
    ["go.sum", "b"],
  ]);
  const settings = { flags: ["-trimpath"], plan: programsOf("control-plane"), arch: "x64" };
  const key = computeKey(files, settings);

  it("does not depend on the order of files", () => {
    assert.equal(computeKey(new Map([...files].reverse()), settings), key);
  });

  const changes: readonly (readonly [string, string])[] = [
    ["a file's content", computeKey(new Map([...files, ["go.sum", "c"]]), settings)],
    ["another file", computeKey(new Map([...files, ["main.go", ""]]), settings)],
    ["where one file ends and the next begins", computeKey(new Map([["go.mod", "ago.sumb"]]), settings)],
    ["the flags", computeKey(files, { ...settings, flags: [] })],
    ["the programs", computeKey(files, { ...settings, plan: programsOf("full") })],
    ["the architecture", computeKey(files, { ...settings, arch: "arm64" })],
  ];
  for (const [what, changed] of changes) {
    it(`changes with ${what}`, () => {
      assert.notEqual(changed, key);
    });
  }
});
