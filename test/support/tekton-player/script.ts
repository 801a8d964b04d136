import type { PipelineRun } from "../../../pkg/api/tekton.ts";

/** How a run ends: its only step exits with 0 or with another code, or goes on until it is cancelled or told to end. */
export type Ending = "succeed" | "fail" | "never";

/** What the player makes of a run. */
export interface Script {
  readonly ending: Ending;
  /** How long the step works (ms). */
  readonly stepMs: number;
  /** Exit code of a step that fails. */
  readonly exitCode: number;
  /** The pod goes on after its deletion until it is removed by force, as one whose process ignores SIGTERM. */
  readonly ignoresTerm: boolean;
}

/**
 * The script of a run, from its parameters, so that whoever creates an execution decides how it goes:
 * PLAY_ENDING (succeed, fail, never; default succeed), PLAY_STEP_MS (0), PLAY_EXIT_CODE (1), PLAY_IGNORES_TERM (false).
 */
export function scriptOf(run: PipelineRun): Script {
  const params = new Map((run.spec.params ?? []).map(({ name, value }) => [name, value]));
  const ending = params.get("PLAY_ENDING");
  return {
    ending: ending === "fail" || ending === "never" ? ending : "succeed",
    stepMs: Number(params.get("PLAY_STEP_MS") ?? 0),
    exitCode: Number(params.get("PLAY_EXIT_CODE") ?? 1),
    ignoresTerm: params.get("PLAY_IGNORES_TERM") === "true",
  };
}
