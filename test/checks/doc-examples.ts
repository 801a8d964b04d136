import { Document, Scalar, visit } from "yaml";
import type { StepLog } from "../../pkg/tekton/run-evidence.ts";
import { diagnose } from "../../pkg/tekton/diagnose.ts";
import type { FailureRequest } from "../../pkg/tekton/failure-request.ts";
import { stuck } from "../../pkg/tekton/stuck.ts";
import { recordedLog, recordedRun } from "../support/recorded-run.ts";

/**
 * The examples of docs/troubleshooting.md are what the product says about recorded runs (test/data). Each stands below a
 * line that names its run: `<!-- failure: NAME -->` shows failureDetails, `<!-- stuck: NAME -->` the condition Stuck.
 */
const EXAMPLE = /<!-- (failure|stuck): ([a-z-]+) -->\n```yaml\n[\s\S]*?```\n/g;

/** A text of more characters is a block. */
const LONG = 80;

const asked: FailureRequest = {
  workflowId: "restart-deployment",
  version: "1.0.0",
  targetResource: "payment/deployment/api",
  decidedAt: "2026-01-02T03:04:05Z",
  cancel: { mode: "CancelRunFinally", reason: "wrong target", by: "alice" },
};

/** The document with every example as the product would say it today. Throws where a run isn't recorded. */
export function withFreshExamples(markdown: string): string {
  return markdown.replaceAll(EXAMPLE, (_old, kind: string, run: string) => {
    const example = kind === "failure" ? failureExample(run) : stuckExample(run);
    return `<!-- ${kind}: ${run} -->\n\`\`\`yaml\n${toYaml(example)}\`\`\`\n`;
  });
}

/** With long texts as blocks, without quotes, as people write them. */
function toYaml(example: unknown): string {
  const document = new Document(example);
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === "string" && node.value.length > LONG) node.type = Scalar.BLOCK_FOLDED;
    },
  });
  return document.toString({ lineWidth: 120 });
}

/** The recorded runs that a document shows. */
export function shownRuns(markdown: string): readonly string[] {
  return [...markdown.matchAll(EXAMPLE)].map(([, , run = ""]) => run);
}

function failureExample(name: string): unknown {
  const evidence = recordedRun(name);
  const live = { lostPods: [], events: [], logs: logsOf(name) };
  const details = diagnose({ ...evidence, live }, asked);
  const { reason, message, failedTaskName, failedStepName, exitCode, logTail } = details;
  const { wasExecutionFailure, confidence, retryAdvice, naturalLanguageSummary } = details;
  const what = { reason, message, failedTaskName, failedStepName, exitCode, logTail };
  return { ...what, wasExecutionFailure, confidence, retryAdvice, naturalLanguageSummary };
}

function logsOf(name: string): readonly StepLog[] {
  return recordedRun(name).pods.flatMap(({ metadata, status }) =>
    (status?.containerStatuses ?? []).map((container) => ({
      podUid: metadata.uid ?? "",
      podName: metadata.name,
      container: container.name,
      text: recordedLog(name, metadata.name, container.name),
    })),
  );
}

function stuckExample(name: string): unknown {
  const obstacle = stuck(recordedRun(name));
  if (obstacle === undefined) throw new Error(`the recorded run ${name} is not stuck`);
  return { type: "Stuck", status: "True", ...obstacle };
}
