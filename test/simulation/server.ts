/** The API server: a write is accepted or refused by what is there when it arrives, however late that is. */
import type { KubernetesObject } from "../../pkg/api/meta.ts";
import { answerTo, type Answer } from "./api-request.ts";
import { asStored } from "./stored-object.ts";
import { checkChange } from "./invariants.ts";
import { LOCK_SLOT, ownerOf, read, withValues, type State } from "./layout.ts";
import { versionNumber } from "./object-table.ts";
import { lockUid, runUid } from "./subjects.ts";
import type { Write } from "./write.ts";
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
    const counter = this.#counterOf(write.slot);
    const created = read(state, counter);
    const key = `${String(write.number)} ${String(before)} ${String(created)} ${String(read(state, this.#world.layout.now))}`;
    let outcome = this.#outcomes.get(key);
    if (outcome === undefined) {
      outcome = this.#answer(state, write, created + 1);
      this.#outcomes.set(key, outcome);
    }
    const { refusal, object, stored } = outcome;
    if (refusal !== undefined) return { state, object, refusal };
    if (stored === before) {
      this.#world.must(write.request.verb === "delete", "liveness", `${write.text} changes nothing`);
      return { state, object, refusal };
    }
    const isCreation = write.request.verb === "create";
    const changed = withValues(state, [write.slot, stored], [counter, created + (isCreation ? 1 : 0)]);
    return { state: checkChange(this.#world, state, changed, write.slot), object, refusal };
  }

  /** The column that counts how many objects were created in that slot. */
  #counterOf(slot: number): number {
    const owner = ownerOf(slot);
    const { layout } = this.#world;
    return owner === undefined ? layout.fact("locks") : layout.ghost(owner.index, "created");
  }

  #answer(state: State, write: Write, n: number): Outcome {
    const { table, subjects } = this.#world;
    const current = table.get(read(state, write.slot));
    const owner = subjects.find(({ run }) => run === write.request.ref.name);
    const uid = write.slot === LOCK_SLOT || owner === undefined ? lockUid(n) : runUid(owner, n);
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
  const stored = table.numberOf(answer.object && asStored(answer.object));
  return { refusal: undefined, stored, object: table.get(stored === 0 ? table.numberOf(answer.answer) : stored) };
}

/** The number of an object for a memory of results. */
export function resultNumber({ refusal, object }: Arrival): string {
  return refusal ?? String(versionNumber(object));
}
