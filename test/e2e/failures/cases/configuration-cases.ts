import { bundled } from "../bundles.ts";
import { blamesChange, blamesNoTask, type FaultCase } from "../fault-case.ts";
import { CONFIG_MAP } from "../surroundings.ts";
import { change, step, task, type Json, type Step } from "../workflow.ts";

const NOT_STARTED = { executed: false, retryable: false } as const;
const NOT_CHANGED = /did not change the target/;

/** The task `find`, which declares the result `where`, and `change`, which uses one of its results. */
function handingOver(find: Step, result: string): ReturnType<typeof change> {
  const env = [{ name: "WHERE", value: "$(params.WHERE)" }];
  const params: readonly Json[] = [{ name: "WHERE", value: `$(tasks.find.results.${result})` }];
  return {
    tasks: [
      task("find", [find], {}, { results: [{ name: "where" }] }),
      task("change", [step("change", "echo never", { env })], { params }, { params: [{ name: "WHERE" }] }),
    ],
  };
}

/** Workflows, requests or surroundings that are wrong. */
export const configurationCases: readonly FaultCase[] = [
  {
    name: "serviceaccount-missing",
    when: "the service account doesn't exist",
    bundle: bundled(change(step("change", "echo never"))),
    spec: { executionConfig: { serviceAccountName: "nobody" } },
    expected: blamesChange("ConfigurationError", { ...NOT_STARTED, summary: /serviceaccounts? "nobody" not found/ }),
  },
  {
    name: "configmap-key-missing",
    when: "a step wants a key that its ConfigMap doesn't have",
    bundle: bundled(
      change(
        step("change", "echo never", {
          env: [{ name: "X", valueFrom: { configMapKeyRef: { name: CONFIG_MAP, key: "no-such-key" } } }],
        }),
      ),
    ),
    expected: blamesChange("ConfigurationError", { ...NOT_STARTED, step: "change", summary: /no-such-key/ }),
  },
  {
    name: "init-container-fails",
    when: "a container that Tekton puts before the steps fails",
    // A folder's name has at most 255 bytes; working-dir-initializer makes the folder.
    bundle: bundled(change(step("change", "echo never", { workingDir: `/workspace/${"x".repeat(300)}` }))),
    expected: blamesChange("TaskFailed", { ...NOT_STARTED, summary: NOT_CHANGED }),
  },
  {
    name: "parameter-missing",
    when: "the workflow wants a parameter that it isn't given",
    bundle: bundled({ params: [{ name: "REPLICAS", type: "string" }], ...change(step("change", "echo never")) }),
    expected: blamesNoTask("ConfigurationError", { ...NOT_STARTED, summary: /REPLICAS/ }),
  },
  {
    name: "parameter-type",
    when: "the workflow wants a list where it is given a text",
    bundle: bundled({ params: [{ name: "REPLICAS", type: "array" }], ...change(step("change", "echo never")) }),
    parameters: { REPLICAS: "3" },
    expected: blamesNoTask("ConfigurationError", { ...NOT_STARTED, summary: /REPLICAS/ }),
  },
  {
    name: "result-undeclared",
    when: "a task wants a result that no task declares",
    bundle: bundled(handingOver(step("find", 'echo here > "$(results.where.path)"'), "nowhere")),
    expected: blamesNoTask("ConfigurationError", { ...NOT_STARTED, summary: /nowhere/ }),
  },
  {
    name: "result-unwritten",
    when: "a task wants a result that was declared and not written",
    bundle: bundled(handingOver(step("find", "echo nothing found"), "where")),
    expected: blamesNoTask("ConfigurationError", { executed: true, retryable: false, summary: /where/ }),
  },
  {
    name: "dag-cycle",
    when: "two tasks wait for each other",
    bundle: bundled({
      tasks: [
        task("one", [step("one", "echo never")], { runAfter: ["two"] }),
        task("two", [step("two", "echo never")], { runAfter: ["one"] }),
      ],
    }),
    expected: blamesNoTask("ConfigurationError", { ...NOT_STARTED, summary: /cycle/ }),
  },
];
