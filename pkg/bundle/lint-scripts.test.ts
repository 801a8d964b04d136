import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lintScripts } from "./lint-scripts.ts";
import { parseObjects } from "./parse-objects.ts";
import { formatProblem } from "./problem.ts";

/** The problems of a pipeline with one step, as `line: where: variable`. */
function lint(step: string, section = "tasks"): readonly string[] {
  const text = `kind: Pipeline
spec:
  ${section}:
    - name: fix
      taskSpec:
        steps:
          - name: main
${step.replaceAll(/^/gm, "            ")}
`;
  return lintText(text);
}

function lintText(text: string): readonly string[] {
  const { objects, problems } = parseObjects({ name: "p.yaml", text });
  assert.deepEqual(problems, []);
  return objects.flatMap(lintScripts).map((problem) => formatProblem(problem).replace(/ inside a script.*$/, ""));
}

function script(...lines: readonly string[]): string {
  return ["script: |", ...lines.map((line) => `  ${line}`)].join("\n");
}

const refused: Readonly<Record<string, readonly [step: string, ...problems: readonly string[]]>> = {
  "a parameter": [script("#!/bin/sh", "echo $(params.NAME)"), "10: $(params.NAME)"],
  "a parameter inside quotes": [script('echo "$(params.NAME)"'), "9: $(params.NAME)"],
  "a parameter inside single quotes": [script("echo '$(params.NAME)'"), "9: $(params.NAME)"],
  "a parameter in brackets": [
    script("echo $(params['a.b']) $(params[\"c\"])"),
    "9: $(params['a.b'])",
    '9: $(params["c"])',
  ],
  "an element of a list": [script("echo $(params.list[*])"), "9: $(params.list[*])"],
  "a parameter that doesn't end": [script("echo $(params.NAME", "true"), "9: $(params.NAME"],
  "a parameter in a comment, which Tekton replaces too": [script("# $(params.NAME)"), "9: $(params.NAME)"],
  "each line by its own number": [
    script("echo $(params.A)", "true", "echo $(params.A) $(params.B)", "echo $(params.A)"),
    "9: $(params.A)",
    "11: $(params.A)",
    "11: $(params.B)",
    "12: $(params.A)",
  ],
  "a result of a task": [script("echo $(tasks.a.results.b)"), "9: $(tasks.a.results.b)"],
  "a task's status, which the shell would run": [script("echo $(tasks.a.status)"), "9: $(tasks.a.status)"],
  "a name from the context": [script("echo $(context.pipelineRun.name)"), "9: $(context.pipelineRun.name)"],
  "a workspace": [script("cd $(workspaces.source.path)"), "9: $(workspaces.source.path)"],
  "the value of a step's result": [script("echo $(steps.a.results.b)"), "9: $(steps.a.results.b)"],
  "something that only begins like a result's path": [
    script("cat $(results.a.path)$(results.b.type)"),
    "9: $(results.b.type)",
  ],
  "a parameter in a quoted script": ['script: "echo\\n$(params.NAME)"', "8: $(params.NAME)"],
  "a parameter in an escaped script": ['script: "echo \\u0024(params.NAME)"', "8: $(params.NAME)"],
  "a parameter for a shell's -c": ["command: [sh, -c]\nargs: ['echo $(params.NAME)']", "9: $(params.NAME)"],
  "a parameter for a shell's -ec by its path": [
    "command: [/bin/bash, -ec, 'echo $(params.NAME)']",
    "8: $(params.NAME)",
  ],
  "a parameter for busybox's shell": ["args: [/bin/busybox, sh, -c, 'echo $(params.NAME)']", "8: $(params.NAME)"],
};

const allowed: Readonly<Record<string, string>> = {
  "the path of a result": script("date > $(results.when.path)"),
  "the path of a result with a dot in its name": script("date > $(results['a.b'].path)"),
  "the path of a step's result": script("date > $(step.results.when.path)"),
  "the path of a step's exit code": script("cat $(steps.step-main.exitCode.path)"),
  "the shell's own substitutions": script("now=$(date) sum=$((1 + 2)) $(paramset) $(kubectl get pods)"),
  "an environment variable": script('echo "$NAME" "${NAME}"'),
  "a parameter in env": "env:\n  - name: NAME\n    value: $(params.NAME)\nscript: echo",
  "a parameter as an argument of a program": "command: [kubectl, get, pods]\nargs: [-n, $(params.NAMESPACE)]",
  "a parameter after a script of -c, where it is data": "command: [sh, -c, 'echo \"$0\"', $(params.NAME)]",
};

describe("lintScripts", () => {
  for (const [sentence, [step, ...problems]] of Object.entries(refused)) {
    it(`refuses ${sentence}`, () => {
      const expected = problems.map((problem) => {
        const [line = "", ...variable] = problem.split(": ");
        return `p.yaml:${line}: task "fix", step "main": ${variable.join(": ")}`;
      });
      assert.deepEqual(lint(step), expected);
    });
  }

  for (const [sentence, step] of Object.entries(allowed)) {
    it(`allows ${sentence}`, () => {
      assert.deepEqual(lint(step), []);
    });
  }

  it("looks into finally", () => {
    assert.equal(lint(script("echo $(params.NAME)"), "finally").length, 1);
  });

  it("looks into Tasks, sidecars and pipelines inside pipelines", () => {
    const task = "kind: Task\nmetadata: {name: fix}\nspec: {sidecars: [{name: s, script: 'echo $(params.A)'}]}";
    assert.deepEqual(lintText(task), ['p.yaml:3: task "fix", sidecar "s": $(params.A)']);
    const inner = "{tasks: [{name: in, taskSpec: {steps: [{script: 'echo $(params.A)'}]}}]}";
    const nested = `kind: Pipeline\nspec: {tasks: [{name: out, pipelineSpec: ${inner}}]}`;
    assert.deepEqual(lintText(nested), ['p.yaml:2: task "in", step "number 1": $(params.A)']);
  });

  it("finds the script behind an alias, and points to the alias", () => {
    const text = `kind: Pipeline
spec:
  tasks:
    - name: first
      taskSpec: &same
        steps:
          - script: &s echo $(params.A)
          - script: *s
    - name: second
      taskSpec: *same
`;
    assert.deepEqual(lintText(text), [
      'p.yaml:7: task "first", step "number 1": $(params.A)',
      'p.yaml:8: task "first", step "number 2": $(params.A)',
      'p.yaml:10: task "second", step "number 1": $(params.A)',
      'p.yaml:10: task "second", step "number 2": $(params.A)',
    ]);
  });

  it("says what to do instead", () => {
    const { objects } = parseObjects({ name: "p.yaml", text: "kind: Task\nspec: {steps: [{script: $(params.A)}]}" });
    const [problem] = objects.flatMap(lintScripts);
    assert.match(
      problem?.message ?? "",
      /Give it to the step through env, as \{name: X, value: \$\(params\.A\)\}, and use "\$X"$/,
    );
  });
});
