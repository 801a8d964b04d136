/** The API server: a write is accepted or refused by what is there when it arrives, however late that is. */
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { answerTo, type Answer } from "./api-request.ts";
import { checkChange } from "./invariants.ts";
import { LOCK_SLOT, OWN_SLOTS, read, withValues, type State } from "./layout.ts";
import { versionNumber } from "./object-table.ts";
import { runUid } from "./subjects.ts";
import type { Write } from "./works.ts";
import type { World } from "./world.ts";

/** What came of a write. */
export interface Arrival {
  readonly state: State;
  /** The object as the server has it now; undefined where it refused the write. */
  readonly object: KubernetesObject | undefined;
  readonly refusal: "exists" | "notFound" | "conflict" | undefined;
}

interface Outcome {
  readonly refusal: Arrival["refusal"];
  readonly stored: number;
  readonly object: KubernetesObject | undefined;
}

/** The server of one world; it remembers answers, because equal questions are asked very often. */
export class Server {
  readonly #world: World;
  readonly #outcomes = new Map<string, Outcome>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The write arrives. Throws Violation where its effect must not be. */
  receive(state: State, write: Write): Arrival {
    const before = read(state, write.slot);
    const owner = write.slot === LOCK_SLOT ? undefined : Math.floor((write.slot - 1) / OWN_SLOTS.length);
    const created = owner === undefined ? 0 : read(state, this.#world.layout.ghost(owner, "created"));
    const isCreation = write.request.verb === "create";
    const key = `${String(write.number)} ${String(before)} ${String(created)} ${String(read(state, this.#world.layout.now))}`;
    let outcome = this.#outcomes.get(key);
    if (outcome === undefined) {
      outcome = this.#answer(state, write, created + 1);
      this.#outcomes.set(key, outcome);
    }
    const { refusal, object, stored } = outcome;
    if (refusal !== undefined || stored === before) return { state, object, refusal };
    const counted: State =
      isCreation && owner !== undefined
        ? withValues(state, [write.slot, stored], [this.#world.layout.ghost(owner, "created"), created + 1])
        : withValues(state, [write.slot, stored]);
    return { state: checkChange(this.#world, state, counted, write.slot), object, refusal };
  }

  #answer(state: State, write: Write, n: number): Outcome {
    const { table, subjects } = this.#world;
    const current = table.get(read(state, write.slot));
    const owner = subjects.find(({ run }) => run === write.request.ref.name);
    const uid = owner === undefined ? "uid-of-lock" : runUid(owner, n);
    const answer = answerTo(write.request, current, { now: this.#world.timestamp(state), uid });
    return outcomeOf(answer, this.#world);
  }
}

function outcomeOf(answer: Answer, { table }: World): Outcome {
  if (answer.type === "refused") {
    const { kind } = answer;
    if (kind !== "exists" && kind !== "notFound" && kind !== "conflict") throw new Error(`unexpected ${kind}`);
    return { refusal: kind, stored: 0, object: undefined };
  }
  const stored = table.numberOf(answer.object);
  return { refusal: undefined, stored, object: table.get(stored === 0 ? table.numberOf(answer.answer) : stored) };
}

/** Whether the write will be refused whenever it arrives: the version that it wants is gone for good. */
export function isDoomed(state: State, { slot, version }: Write): boolean {
  return version !== 0 && version !== read(state, slot);
}

/** The number of an object for a memory of results. */
export function resultNumber({ refusal, object }: Arrival): string {
  return refusal ?? String(versionNumber(object));
}
