import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import type { BundleFile } from "./bundle-object.ts";
import { packBundle } from "./pack.ts";
import { BundleRefused } from "./problem.ts";

const pipeline: BundleFile = {
  name: "pipeline.yaml",
  text: `
apiVersion: tekton.dev/v1
kind: Pipeline
metadata:
  name: workflow
spec:
  tasks:
    - name: greet
      taskSpec:
        steps:
          - name: main
            image: action
            script: echo hello
`,
};

const task: BundleFile = {
  name: "task.yaml",
  text: `
apiVersion: tekton.dev/v1
kind: Task
metadata: { name: greet }
spec:
  stepTemplate: { image: action }
  steps: [{ name: main, script: echo hello }]
  sidecars: [{ name: side, image: proxy }]
`,
};

function problemsOf(...files: readonly BundleFile[]): readonly string[] {
  try {
    packBundle(files);
  } catch (error) {
    if (error instanceof BundleRefused) return error.message.split("\n");
    throw error;
  }
  return [];
}

function edited(from: string, to: string): BundleFile {
  assert.ok(pipeline.text.includes(from));
  return { ...pipeline, text: pipeline.text.replace(from, to) };
}

/** What Tekton finds in the layers, as it reads them: one file in a tar in a gzip. */
function contentsOf(bundle: ReturnType<typeof packBundle>): readonly unknown[] {
  return bundle.image.layers.map((layer) => {
    const archive = gunzipSync(layer.bytes);
    const size = Number.parseInt(archive.toString("ascii", 124, 135), 8);
    return JSON.parse(archive.toString("utf8", 512, 512 + size)) as unknown;
  });
}

describe("packBundle", () => {
  it("gives the digest that it has always given", () => {
    const { image } = packBundle([pipeline, task]);
    assert.equal(image.manifest.digest, "sha256:89ed9f52d679adfb803a691a5a6cb0bd478bfce553bf21307180a5832d9a2204");
  });

  it("depends on what the objects say, not on how the files are laid out", () => {
    const rearranged: BundleFile = {
      name: "all.yml",
      text: `# a comment
---
${task.text}
---
spec: {tasks: [{taskSpec: {steps: [{script: "echo hello", image: action, name: main}]}, name: greet}]}
metadata: {name: workflow}
kind: Pipeline
apiVersion: tekton.dev/v1
---
`,
    };
    const digests = [[pipeline, task], [task, pipeline], [rearranged]].map(
      (files) => packBundle(files).image.manifest.digest,
    );
    assert.equal(new Set(digests).size, 1);
  });

  it("changes its digest with any change of an object", () => {
    const other = packBundle([edited("echo hello", "echo hallo")]);
    assert.notEqual(other.image.manifest.digest, packBundle([pipeline]).image.manifest.digest);
  });

  it("labels each layer as Tekton's contract wants it, pipelines first", () => {
    const { image, objects } = packBundle([task, pipeline]);
    const manifest = JSON.parse(Buffer.from(image.manifest.bytes).toString()) as { layers: { annotations: object }[] };
    assert.deepEqual(
      manifest.layers.map((layer) => layer.annotations),
      [
        {
          "dev.tekton.image.apiVersion": "v1",
          "dev.tekton.image.kind": "pipeline",
          "dev.tekton.image.name": "workflow",
        },
        { "dev.tekton.image.apiVersion": "v1", "dev.tekton.image.kind": "task", "dev.tekton.image.name": "greet" },
      ],
    );
    assert.deepEqual(objects, [
      { identity: "Pipeline workflow", file: "pipeline.yaml" },
      { identity: "Task greet", file: "task.yaml" },
    ]);
  });

  it("resolves anchors: Tekton gets plain JSON", () => {
    const anchored = edited(
      "            script: echo hello",
      "            script: &s echo hello\n          - {name: again, image: action, script: *s}",
    );
    const [found] = contentsOf(packBundle([anchored])) as [
      { spec: { tasks: [{ taskSpec: { steps: { script: string }[] } }] } },
    ];
    assert.deepEqual(
      found.spec.tasks[0].taskSpec.steps.map((step) => step.script),
      ["echo hello", "echo hello"],
    );
  });

  it("replaces images in steps, sidecars and step templates by their whole text", () => {
    const { stepImages } = packBundle([pipeline, task], new Map([["action", "example.com/kubectl:1"]]));
    assert.deepEqual(stepImages, ["example.com/kubectl:1", "proxy"]);
    const text = JSON.stringify(
      contentsOf(packBundle([pipeline, task], new Map([["action", "example.com/kubectl:1"]]))),
    );
    assert.doesNotMatch(text, /"image":"action"/);
  });

  it("tells the replacements that no step needs", () => {
    const images = new Map([
      ["action", "x"],
      ["acton", "y"],
    ]);
    assert.deepEqual(packBundle([pipeline, task], images).unusedImages, ["acton"]);
  });

  const refused: Readonly<Record<string, readonly [file: BundleFile, ...problems: readonly string[]]>> = {
    "another kind": [
      edited("kind: Pipeline", "kind: PipelineRun"),
      "pipeline.yaml:2: a bundle holds Pipelines and Tasks of tekton.dev/v1, found PipelineRun of tekton.dev/v1",
    ],
    "another version": [
      edited("tekton.dev/v1", "tekton.dev/v1beta1"),
      "pipeline.yaml:2: a bundle holds Pipelines and Tasks of tekton.dev/v1, found Pipeline of tekton.dev/v1beta1",
    ],
    "a pipeline with another name": [
      edited("name: workflow", "name: main"),
      "the folder: there is no Pipeline named workflow: that is the one that executions run",
    ],
    "a name that Kubernetes refuses": [
      edited("name: workflow", "name: Work_flow"),
      'pipeline.yaml:5: metadata.name has to be a name of at most 63 characters, found "Work_flow"',
    ],
    "a status": [
      edited("spec:\n", "status: {}\nspec:\n"),
      'pipeline.yaml:6: unknown field "status"; known are apiVersion, kind, metadata, spec',
    ],
    "a pipeline without tasks": [edited("tasks:", "finally:"), "pipeline.yaml:7: the pipeline has no tasks"],
    "a task with neither taskSpec nor taskRef": [
      edited("taskSpec:", "matrix:"),
      'pipeline.yaml:8: task "greet": needs exactly one of taskSpec and taskRef',
    ],
    "a task without steps": [edited("steps:", "sidecars:"), 'pipeline.yaml:10: task "greet": has no steps'],
    "a step without an image": [
      edited("            image: action\n", ""),
      'pipeline.yaml:11: task "greet", step "main": has no image',
    ],
    "a list": [{ name: "list.json", text: "[]" }, "list.json:1: expected a Tekton object, found something else"],
    "a key that is given twice": [
      edited("metadata:", "kind: Task\nmetadata:"),
      "pipeline.yaml:4: Map keys must be unique",
    ],
    "broken YAML": [
      edited("name: greet", "name: [greet"),
      "pipeline.yaml:9: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    "an alias without an anchor": [
      edited("echo hello", "*nowhere"),
      "pipeline.yaml:1: Unresolved alias (the anchor must be set before the alias): nowhere",
    ],
  };
  for (const [sentence, [file, ...expected]] of Object.entries(refused)) {
    it(`refuses ${sentence}`, () => {
      assert.deepEqual(problemsOf(file), expected);
    });
  }

  const unknownFields: Readonly<Record<string, readonly [from: string, to: string, line: number, where: string]>> = {
    pipeline: ["  tasks:", "  task: []\n  tasks:", 7, ""],
    "task of a pipeline": ["      taskSpec:", "      after: []\n      taskSpec:", 9, 'task "greet": '],
    "task's specification": ["        steps:", "        step: []\n        steps:", 10, 'task "greet": '],
    step: ["            script:", "            scripts: x\n            script:", 13, 'task "greet", step "main": '],
  };
  for (const [place, [from, to, line, where]] of Object.entries(unknownFields)) {
    it(`refuses an unknown field of a ${place}, with its line`, () => {
      const [problem = ""] = problemsOf(edited(from, to));
      assert.ok(problem.startsWith(`pipeline.yaml:${String(line)}: ${where}unknown field "`), problem);
    });
  }

  it("names all problems of all files at once", () => {
    const broken = { name: "b.yaml", text: "kind: ConfigMap\napiVersion: v1" };
    const scripted = edited("echo hello", "echo $(params.who)");
    assert.deepEqual(
      problemsOf(scripted, broken).map((problem) => problem.split(": ", 1)[0]),
      ["pipeline.yaml:13", "b.yaml:1"],
    );
  });

  it("refuses the same object twice", () => {
    assert.deepEqual(problemsOf(pipeline, task, { ...task, name: "copy.yaml" }), [
      "copy.yaml:2: Task greet is already in task.yaml",
    ]);
  });

  it("refuses more than 20 objects, and takes 20", () => {
    const tasks = Array.from({ length: 20 }, (_, index) => ({
      name: `task-${String(index)}.yaml`,
      text: task.text.replace("greet", `greet-${String(index)}`),
    }));
    assert.deepEqual(problemsOf(pipeline, ...tasks), ["the folder: 21 objects, at most 20 are allowed"]);
    assert.deepEqual(problemsOf(pipeline, ...tasks.slice(1)), []);
  });

  it("refuses more than 1 MiB", () => {
    const large = edited("echo hello", `echo ${"a".repeat(1024 * 1024)}`);
    assert.match(
      problemsOf(large).join(),
      /^the folder: the objects have \d+ bytes together, at most 1048576 are allowed$/,
    );
  });
});
