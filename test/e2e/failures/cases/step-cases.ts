import { bundled } from "../bundles.ts";
import { blamesChange, SUCCEEDS, type FaultCase } from "../fault-case.ts";
import { afterPreparing, change, plainStep, step, task } from "../workflow.ts";

const FAILED = { executed: true, retryable: false } as const;

const API_TOKEN = [{ name: "API_TOKEN", value: "$(params.API_TOKEN)" }];
const HIDDEN_VALUE = "value-of-a-hidden-parameter";
const BEARER = "b3Bl.bnNlc2FtZQ-0123456789";

/** Steps that run and fail, or don't. */
export const stepCases: readonly FaultCase[] = [
  {
    name: "exit-1",
    when: "a step ends with exit code 1",
    bundle: bundled(change(step("change", "exit 1"))),
    expected: blamesChange("TaskFailed", {
      ...FAILED,
      step: "change",
      exitCode: 1,
      summary: /Task change \(1 of 1\), step change \(1 of 1\), failed \(exit code 1\).* may have been changed/,
    }),
  },
  {
    name: "exit-42",
    when: "a step ends with exit code 42 and says on stderr why",
    bundle: bundled(
      afterPreparing(
        task("change", [
          step("change", "echo 'refused: the disk is read-only' >&2\nexit 42"),
          step("confirm", "echo confirmed"),
        ]),
        task("report", [step("report", "echo reported")], { runAfter: ["change"] }),
      ),
    ),
    expected: blamesChange(
      "TaskFailed",
      {
        ...FAILED,
        step: "change",
        exitCode: 42,
        summary:
          /Task change \(2 of 3\), step change \(1 of 2\), failed \(exit code 42\).*completed: prepare; never run: report/,
        logTail: /refused: the disk is read-only/,
      },
      1,
    ),
  },
  {
    name: "says-secrets",
    when: "a step prints a parameter that isn't shown, and a bearer token, and fails",
    parameters: { API_TOKEN: HIDDEN_VALUE },
    bundle: bundled({
      params: [{ name: "API_TOKEN" }],
      tasks: [
        task(
          "change",
          [step("change", `echo "refused: $API_TOKEN"\necho "sent: Bearer ${BEARER}"\nexit 1`, { env: API_TOKEN })],
          { params: API_TOKEN },
          { params: [{ name: "API_TOKEN" }] },
        ),
      ],
    }),
    expected: blamesChange("TaskFailed", {
      ...FAILED,
      step: "change",
      exitCode: 1,
      summary: /step change \(1 of 1\), failed \(exit code 1\).*sent: Bearer \[redacted\]/,
      logTail: /^refused: \[redacted\]\nsent: Bearer \[redacted\]$/,
      hidden: [HIDDEN_VALUE, BEARER],
    }),
  },
  {
    name: "oom-killed",
    when: "a step needs more memory than its limit",
    bundle: bundled(change(step("change", "tail /dev/zero", { computeResources: { limits: { memory: "32Mi" } } }))),
    expected: blamesChange("OOMKilled", { ...FAILED, step: "change", exitCode: 137, summary: /OOMKilled.*memory/ }),
  },
  {
    name: "rbac-denied",
    when: "a step does what its service account may not",
    bundle: bundled(change(step("change", "kubectl delete secret top-secret --namespace e2e", { image: "action" }))),
    expected: blamesChange("Forbidden", {
      ...FAILED,
      step: "change",
      exitCode: 1,
      summary: /Forbidden.*secrets "top-secret" is forbidden.*missing rights/,
      logTail: /Error from server \(Forbidden\)/,
    }),
  },
  {
    name: "command-missing",
    when: "a step's program isn't in its image",
    bundle: bundled(change(plainStep("change", { command: ["/no/such/program"] }))),
    expected: blamesChange("TaskFailed", {
      ...FAILED,
      step: "change",
      exitCode: 1,
      summary: /step change/,
      logTail: /no such file or directory/,
    }),
  },
  {
    name: "killed-by-itself",
    when: "a step is ended by a signal that isn't the kubelet's",
    bundle: bundled(change(step("change", "kill -KILL $$"))),
    expected: blamesChange("TaskFailed", { ...FAILED, step: "change", exitCode: 255, summary: /exit code 255/ }),
  },
  {
    name: "continued",
    when: "a step fails that may fail (onError: continue)",
    bundle: bundled(change(step("try", "exit 3", { onError: "continue" }), step("change", "echo changed"))),
    expected: SUCCEEDS,
  },
  {
    name: "continued-then-failed",
    when: "a step fails that may fail, and then another that may not",
    bundle: bundled(change(step("try", "exit 3", { onError: "continue" }), step("change", "exit 4"))),
    expected: blamesChange("TaskFailed", {
      ...FAILED,
      step: "change",
      exitCode: 4,
      summary: /step change \(2 of 2\), failed \(exit code 4\)/,
    }),
  },
  {
    name: "task-ignored",
    when: "a task fails that may fail (onError: continue of the pipeline's task)",
    bundle: bundled({
      tasks: [
        task("try", [step("try", "exit 3")], { onError: "continue" }),
        task("change", [step("change", "echo changed")], { runAfter: ["try"] }),
      ],
    }),
    expected: SUCCEEDS,
  },
];
