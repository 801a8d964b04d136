/** People who cancel executions: before their start, while they run, again and harder, and when it is too late. */
import type { CancelRequest, WorkflowExecution } from "../../pkg/api/workflow-execution.ts";
import { read, withValues, type State } from "./layout.ts";
import { aMove, onBudget, type Move } from "./move.ts";
import type { Subject } from "./subjects.ts";
import type { World } from "./world.ts";

type Mode = CancelRequest["mode"];

/** From the gentlest to the hardest: the API server takes only a harder one after another. */
const MODES: readonly Mode[] = ["StopRunFinally", "CancelRunFinally", "Cancel"];

/** Somebody sets spec.cancel, in each mode. */
export function cancelMoves(world: World, subject: Subject): readonly Move[] {
  const moves = MODES.map((mode) =>
    aMove(
      `a user cancels: ${mode}`,
      (state) => cancel(world, state, { index: subject.index, mode }),
      () => `a user cancels ${subject.name}: ${mode}`,
    ),
  );
  return onBudget("cancels", ...moves);
}

interface Cancel {
  readonly index: number;
  readonly mode: Mode;
}

function cancel(world: World, state: State, { index, mode }: Cancel): State | undefined {
  const slot = world.layout.slot(index, "execution");
  const execution = world.table.get(read(state, slot)) as WorkflowExecution | undefined;
  const before = execution?.spec.cancel?.mode;
  const isHarder = before === undefined || MODES.indexOf(mode) > MODES.indexOf(before);
  const spent = execution !== undefined && isHarder ? world.spend(state, "cancels") : undefined;
  const edited = world.edit<WorkflowExecution>(read(state, slot), `cancel ${mode}`, ({ metadata, spec, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, generation: (metadata.generation ?? 0) + 1 },
    spec: { ...spec, cancel: { mode } },
  }));
  return spent && withValues(spent, [slot, edited]);
}
