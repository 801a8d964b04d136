import type { Pod } from "../../pkg/api/core.ts";
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import type { PipelineRun, TaskRun } from "../../pkg/api/tekton.ts";
import { read, withValues, type Ghost, type OwnSlot, type State } from "./layout.ts";
import { aMove, type Move } from "./move.ts";
import type { Subject } from "./subjects.ts";
import type { World } from "./world.ts";

/** The objects of one execution. */
export class Corner {
  readonly world: World;
  readonly index: number;
  readonly subject: Subject;

  constructor(world: World, index: number) {
    const subject = world.subjects[index];
    if (subject === undefined) throw new RangeError(`there is no execution ${String(index)}`);
    this.world = world;
    this.index = index;
    this.subject = subject;
  }

  move(kind: string, take: (state: State) => State | undefined): Move {
    return aMove(kind, take, () => `${this.subject.name}: ${kind}`);
  }

  number(state: State, slot: OwnSlot): number {
    return read(state, this.world.layout.slot(this.index, slot));
  }

  run(state: State): PipelineRun | undefined {
    return this.world.table.get(this.number(state, "run")) as PipelineRun | undefined;
  }

  taskRun(state: State): TaskRun | undefined {
    return this.world.table.get(this.number(state, "taskRun"));
  }

  pod(state: State): Pod | undefined {
    return this.world.table.get(this.number(state, "pod"));
  }

  ghost(state: State, ghost: Ghost): number {
    return read(state, this.world.layout.ghost(this.index, ghost));
  }

  with(state: State, slot: OwnSlot, number: number): State {
    return withValues(state, [this.world.layout.slot(this.index, slot), number]);
  }

  withGhost(state: State, ghost: Ghost, value: number): State {
    return withValues(state, [this.world.layout.ghost(this.index, ghost), value]);
  }

  /** The object in that slot is changed: the change must depend on nothing but the object and its own name. */
  edit<T extends KubernetesObject>(state: State, slot: OwnSlot, name: string, change: (object: T) => T): State {
    return this.with(state, slot, this.world.edit<T>(this.number(state, slot), name, change));
  }
}
