import type { PipelineRun } from "../../../pkg/api/tekton.ts";

/** How a run ends: its only step exits with 0 or with another code, or goes on until it is cancelled or told to end. */
export type Ending = "succeed" | "fail" | "never";

/** What the player makes of a run. */
export interface Script {
  readonly ending: Ending;
  /** Whether there is a `finally` task, and whether it ends by itself. */
  readonly finally: "none" | "succeed" | "never";
  /** How long a step works (ms). */
  readonly stepMs: number;
  /** Exit code of a step that fails. */
  readonly exitCode: number;
  /** The pod goes on after its deletion until it is removed by force, as one whose process ignores SIGTERM. */
  readonly ignoresTerm: boolean;
  /** Tekton cancels the run and not its TaskRun, as where the run's status was written from an older view. */
  readonly missesTask: boolean;
  /** Tekton makes a pod that is gone again, as after a deletion by force. */
  readonly remakesPod: boolean;
  /** No pod begins, and nobody says why. */
  readonly podsWait: boolean;
  /** Tekton doesn't end a run whose time is over. */
  readonly ignoresTime: boolean;
}

/**
 * The script of a run, from its parameters, so that whoever creates an execution decides how it goes: PLAY_ENDING
 * (succeed, fail, never; default succeed), PLAY_FINALLY (none, succeed, never; none), PLAY_STEP_MS (0), PLAY_EXIT_CODE (1),
 * PLAY_IGNORES_TERM, PLAY_MISSES_TASK, PLAY_REMAKES_POD, PLAY_PODS_WAIT, PLAY_IGNORES_TIME (all false).
 */
export function scriptOf(run: PipelineRun): Script {
  const params = new Map((run.spec.params ?? []).map(({ name, value }) => [name, value]));
  const ending = params.get("PLAY_ENDING");
  const last = params.get("PLAY_FINALLY");
  return {
    ending: ending === "fail" || ending === "never" ? ending : "succeed",
    finally: last === "succeed" || last === "never" ? last : "none",
    stepMs: Number(params.get("PLAY_STEP_MS") ?? 0),
    exitCode: Number(params.get("PLAY_EXIT_CODE") ?? 1),
    ignoresTerm: params.get("PLAY_IGNORES_TERM") === "true",
    missesTask: params.get("PLAY_MISSES_TASK") === "true",
    remakesPod: params.get("PLAY_REMAKES_POD") === "true",
    podsWait: params.get("PLAY_PODS_WAIT") === "true",
    ignoresTime: params.get("PLAY_IGNORES_TIME") === "true",
  };
}
