import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { layoutOf } from "./layout.ts";
import { buildKubeletConfig, buildNetworkConfig, renderContainerdConfig } from "./node-config.ts";
import type { NodeSettings } from "./node-config.ts";
import { isSchedulable } from "./start-node.ts";

const layout = layoutOf(`/${"deep/".repeat(60)}state`);
const settings: NodeSettings = {
  layout,
  toolbox: { pathOf: (program) => `/bin/${program}`, binOf: () => "/bin" },
  registry: "127.0.0.1:5000",
  pauseImage: "127.0.0.1:5000/test/pause:1",
  kubeletHealthPort: 1,
};

describe("layoutOf", () => {
  it("keeps sockets short, however deep the state folder is", () => {
    assert.ok(`${layout.runDir}/kubelet/device-plugins/pod-resources/kubelet.sock`.length < 108);
  });
  it("gives a tag that fits a network link's name", () => {
    assert.ok(layout.tag.length <= 15);
  });
  it("parts clusters", () => {
    assert.notEqual(layoutOf("/a").tag, layoutOf("/b").tag);
  });
});

describe("a node's configuration", () => {
  it("lets containerd run containers by the program that removes seccomp profiles", () => {
    assert.match(renderContainerdConfig(settings), /\nBinaryName = "\/bin\/runc-noseccomp"\n/);
  });
  it("has containerd's sections in TOML", () => {
    const text = renderContainerdConfig(settings);
    assert.match(text, /^version = 3\nroot = "/);
    assert.match(
      text,
      /\n\[plugins\."io\.containerd\.cri\.v1\.images"\.pinned_images\]\nsandbox = "127\.0\.0\.1:5000\/test\/pause:1"\n/,
    );
  });
  it("gives pods cgroups, logs and a bridge of the cluster's own", () => {
    const kubelet = buildKubeletConfig(settings);
    assert.equal(kubelet["cgroupRoot"], `/${layout.tag}`);
    assert.equal(kubelet["podLogsDir"], `${layout.runDir}/pod-logs`);
    assert.match(JSON.stringify(buildNetworkConfig(layout)), new RegExp(`"bridge":"${layout.tag}"`));
  });
});

describe("isSchedulable", () => {
  const ready = { conditions: [{ type: "Ready", status: "True" }] };
  const cases: readonly (readonly [string, unknown, boolean])[] = [
    ["a node that is not there is not", undefined, false],
    ["a node that never reported is not", { spec: {} }, false],
    ["a node that is not ready is not", { status: { conditions: [{ type: "Ready", status: "False" }] } }, false],
    ["a ready node with a taint is not", { spec: { taints: [{}] }, status: ready }, false],
    ["a ready node is", { spec: {}, status: ready }, true],
  ];
  for (const [sentence, node, expected] of cases) {
    it(sentence, () => {
      assert.equal(isSchedulable(node), expected);
    });
  }
});
