import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { parse } from "yaml";
import type { BundleFile } from "./bundle-object.ts";
import { packBundle } from "./pack.ts";
import { readBundleFolder } from "./read-folder.ts";

interface Step {
  readonly image: string;
  readonly script: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly securityContext: object;
  readonly computeResources: { readonly requests: object; readonly limits: object };
}

interface Task {
  readonly name: string;
  readonly params: readonly { readonly name: string }[];
  readonly taskSpec: { readonly params: readonly { readonly name: string }[]; readonly steps: readonly Step[] };
}

interface Pipeline {
  readonly spec: {
    readonly params: readonly { readonly name: string; readonly default?: string; readonly description: string }[];
    readonly results: readonly { readonly name: string }[];
    readonly tasks: readonly Task[];
    readonly finally: readonly Task[];
  };
}

const root = join(import.meta.dirname, "../../bundles");
const names = ["restart-deployment", "increase-memory"];

async function read(name: string): Promise<{ readonly files: readonly BundleFile[]; readonly pipeline: Pipeline }> {
  const files = await readBundleFolder(join(root, name));
  return { files, pipeline: parse(files[0]?.text ?? "") as Pipeline };
}

/** As the Pod Security level `restricted` wants it, and a root filesystem that nobody can write. */
const restricted = {
  runAsNonRoot: true,
  runAsUser: 65532,
  runAsGroup: 65532,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

for (const name of names) {
  describe(`the bundle ${name}`, () => {
    let files: readonly BundleFile[] = [];
    let pipeline: Pipeline;
    let tasks: readonly Task[] = [];
    let steps: readonly Step[] = [];
    before(async () => {
      ({ files, pipeline } = await read(name));
      tasks = [...pipeline.spec.tasks, ...pipeline.spec.finally];
      steps = tasks.flatMap((task) => task.taskSpec.steps);
    });

    it("is accepted and runs one image, which is named at the push", () => {
      const bundle = packBundle(files);
      assert.deepEqual(bundle.stepImages, ["action"]);
      assert.deepEqual(bundle.objects, [{ identity: "Pipeline workflow", file: "pipeline.yaml" }]);
    });

    it("needs the target alone: every other parameter has a default and a description", () => {
      assert.deepEqual(
        pipeline.spec.params.filter((param) => param.default === undefined).map((param) => param.name),
        ["TARGET_RESOURCE"],
      );
      for (const param of pipeline.spec.params) assert.match(param.description, /\.$/);
      for (const param of pipeline.spec.params) assert.match(param.name, /^[A-Z][A-Z0-9_]*$/);
    });

    it("verifies what it did, reports in the end, and gives both as results", () => {
      assert.equal(pipeline.spec.tasks.at(-1)?.name, "verify");
      assert.deepEqual(
        pipeline.spec.finally.map((task) => task.name),
        ["report"],
      );
      assert.deepEqual(
        pipeline.spec.results.map((result) => result.name),
        ["changed", "outcome"],
      );
    });

    it("brings text into scripts through the environment alone", () => {
      for (const step of steps) assert.doesNotMatch(step.script, /\$\((params|tasks|context|results|workspaces)\b/);
    });

    it("passes to each task just what it declares, and uses all of it", () => {
      for (const { name: task, params, taskSpec } of tasks) {
        const declared = taskSpec.params.map((param) => param.name);
        assert.deepEqual(
          declared,
          params.map((param) => param.name),
          task,
        );
        const [step] = taskSpec.steps;
        const used = step?.env.flatMap(({ value }) => /^\$\(params\.(\w+)\)$/.exec(value)?.[1] ?? []);
        assert.deepEqual(used, declared, task);
        for (const variable of step?.env ?? []) {
          if (variable.name !== "HOME")
            assert.match(step?.script ?? "", new RegExp(`\\$\\{?${variable.name}\\b`), task);
        }
      }
    });

    it("fits the Pod Security level restricted, and bounds what it takes", () => {
      for (const step of steps) {
        assert.deepEqual(step.securityContext, restricted);
        assert.deepEqual(Object.keys(step.computeResources.requests), ["cpu", "memory"]);
        assert.deepEqual(Object.keys(step.computeResources.limits), ["cpu", "memory"]);
      }
    });
  });
}

describe("the bundles together", () => {
  it("verify a rollout in the same way", async () => {
    const scripts = await Promise.all(
      names.map(
        async (name) =>
          (await read(name)).pipeline.spec.tasks.find((task) => task.name === "verify")?.taskSpec.steps[0]?.script,
      ),
    );
    assert.equal(typeof scripts[0], "string");
    assert.equal(new Set(scripts).size, 1);
  });
});
