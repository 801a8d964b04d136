/** Pipelines for the fault matrix, as objects: each case shows what it runs beside what is expected of it. */
export type Json = Readonly<Record<string, unknown>>;

export interface Step extends Json {
  readonly name: string;
  readonly script?: string;
}

export interface PipelineTask extends Json {
  readonly name: string;
  readonly taskSpec: Json & { readonly steps: readonly Step[] };
}

export interface Workflow {
  readonly params?: readonly Json[];
  readonly tasks: readonly PipelineTask[];
  readonly finally?: readonly PipelineTask[];
}

const SHEBANG = "#!/bin/sh\n";

/** What the execution namespace asks of every container (Pod Security level restricted). */
const RESTRICTED = {
  runAsNonRoot: true,
  runAsUser: 65532,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** A step that runs a script in the image with the shell. `more` adds fields of the step, or takes others' place. */
export function step(name: string, script: string, more: Json = {}): Step {
  return { name, image: "shell", securityContext: RESTRICTED, script: `${SHEBANG}${script}\n`, ...more };
}

/** A step without a script, which runs what its image or `more` says. */
export function plainStep(name: string, more: Json): Step {
  return { name, image: "shell", securityContext: RESTRICTED, ...more };
}

/** `more` adds fields of the pipeline's task, `spec` of the task itself. */
export function task(name: string, steps: readonly Step[], more: Json = {}, spec: Json = {}): PipelineTask {
  return { name, ...more, taskSpec: { ...spec, steps } };
}

/** The task `prepare`, which succeeds, then these: what was done before a failure belongs to its summary. */
export function afterPreparing(...tasks: readonly PipelineTask[]): Workflow {
  const [first, ...more] = tasks;
  const after = first === undefined ? [] : [{ ...first, runAfter: ["prepare"] }];
  return { tasks: [task("prepare", [step("prepare", "echo prepared")]), ...after, ...more] };
}

/** One task with these steps. */
export function change(...steps: readonly Step[]): Workflow {
  return { tasks: [task("change", steps)] };
}

/** A step that says that it has begun, and ends after so many seconds; dies at once when it is stopped. */
export function lastingStep(seconds: number, more: Json = {}): Step {
  return step("change", `echo begun\nexec sleep ${String(seconds)}`, more);
}

/** The same, but only time or somebody ends it. */
export function endlessStep(more: Json = {}): Step {
  return lastingStep(300, more);
}

/**
 * A step that says what it waits for, and takes a moment to clean up when it is stopped: time in which its log can be
 * read, though its pod is being deleted.
 */
export function waitingStep(): Step {
  return step("change", 'echo "waiting for the rollout"\ntrap "sleep 3; exit 143" TERM\nsleep 300 & wait');
}

/** A step that can't be stopped by asking for it: it dies when the kubelet has waited long enough. */
export function stubbornStep(): Step {
  return step("change", 'trap "" TERM\necho begun\nsleep 300');
}

/** What stands in the log of a waiting step. */
export const WAITING = /waiting for the rollout/;

/** The same workflow, in which every script begins with a pause. */
export function withPauses(workflow: Workflow, seconds: number): Workflow {
  const { tasks, finally: last } = workflow;
  const all = { tasks: tasks.map((one) => pausingTask(one, seconds)) };
  return { ...workflow, ...all, ...(last && { finally: last.map((one) => pausingTask(one, seconds)) }) };
}

function pausingTask(one: PipelineTask, seconds: number): PipelineTask {
  const steps = one.taskSpec.steps.map((inner) => pausing(inner, seconds));
  return { ...one, taskSpec: { ...one.taskSpec, steps } };
}

function pausing(inner: Step, seconds: number): Step {
  const { script } = inner;
  return script === undefined
    ? inner
    : { ...inner, script: script.replace(SHEBANG, `${SHEBANG}sleep ${String(seconds)}\n`) };
}

/** As the object that a bundle holds. */
export function pipelineObject(name: string, workflow: Workflow): Json {
  const { params = [], ...rest } = workflow;
  const declared = [{ name: "TARGET_RESOURCE", type: "string" }, ...params];
  return { apiVersion: "tekton.dev/v1", kind: "Pipeline", metadata: { name }, spec: { params: declared, ...rest } };
}
