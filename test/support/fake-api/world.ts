import type { Perform } from "../../../pkg/controller/perform.ts";
import type { TargetLock } from "../../../pkg/api/target-lock.ts";
import type { PipelineRun } from "../../../pkg/api/tekton.ts";
import type { WorkflowExecution } from "../../../pkg/api/workflow-execution.ts";
import type { Policy } from "../../../pkg/execution/policy.ts";
import { aPolicy } from "../builders/a-snapshot.ts";
import { aRequestedExecution, type ExecutionWishes } from "../builders/a-workflow-execution.ts";
import { after } from "../builders/moments.ts";
import { ControllerUnderTest } from "./controller-under-test.ts";
import { Crash } from "./crash.ts";
import { FakeCluster } from "./fake-cluster.ts";
import { FakeTrail } from "./fake-trail.ts";
import { SteppedClock } from "./stepped-clock.ts";
import { TektonPlayer } from "./tekton-player.ts";

const MOST_ROUNDS = 500;
const LONGEST_MS = 3_600_000;

/** A cluster, Tekton, the audit trail and any number of controllers, moved on by hand. */
export class World {
  readonly clock = new SteppedClock(after(0));
  readonly cluster = new FakeCluster(this.clock);
  readonly tekton = new TektonPlayer(this.cluster);
  readonly trail = new FakeTrail();
  readonly policy: Policy;
  readonly controllers: ControllerUnderTest[] = [];
  /** Requests of crashed processes that are still under way. */
  readonly late: (() => Promise<unknown>)[] = [];
  crashes = 0;

  constructor(policy: Partial<Policy> = {}) {
    this.policy = aPolicy(policy);
  }

  /** One more process of the product. */
  startController(around?: (perform: Perform) => Perform): ControllerUnderTest {
    const { cluster, trail, policy } = this;
    const controller = new ControllerUnderTest({ cluster, trail, policy, ...(around === undefined ? {} : { around }) });
    this.controllers.push(controller);
    return controller;
  }

  /** Somebody asks for an execution. */
  request(name: string, wishes: ExecutionWishes = {}): WorkflowExecution {
    return this.cluster.executions.add(aRequestedExecution(name, wishes));
  }

  /** That execution as it is now; throws where it is gone. */
  execution(name: string): WorkflowExecution {
    const found = this.cluster.executions.all().find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`execution ${name} is gone`);
    return found;
  }

  /** The only lock there is. */
  lock(): TargetLock {
    const [lock] = this.cluster.locks.all();
    if (lock === undefined) throw new Error("there is no lock");
    return lock;
  }

  runs(): readonly PipelineRun[] {
    return this.cluster.runs.all();
  }

  /** Moves everything on until nothing happens any more, or until the condition holds. Steps the clock where all wait. */
  async run(until: () => boolean = () => false): Promise<void> {
    const end = this.clock.now() + LONGEST_MS;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const busy = await this.#round(until);
      if (until()) return;
      if (!busy && !this.#sleep(end)) return;
    }
    throw new Error(`no rest after ${String(MOST_ROUNDS)} rounds`);
  }

  async #round(until: () => boolean): Promise<boolean> {
    let busy = false;
    for (const controller of [...this.controllers]) busy = (await this.#settle(controller)) || busy;
    for (const request of this.late.splice(0)) {
      await request();
      busy = true;
    }
    if (until()) return true;
    for (const controller of this.controllers) busy = controller.flush() || busy;
    busy = this.tekton.step() || busy;
    return this.cluster.collectGarbage() || busy;
  }

  /** A process that crashes is followed by one that knows nothing. */
  async #settle(controller: ControllerUnderTest): Promise<boolean> {
    try {
      return await controller.settle();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.crashes += 1;
      this.controllers.splice(this.controllers.indexOf(controller), 1);
      const successor = this.startController();
      await successor.settle();
      return true;
    }
  }

  #sleep(end: number): boolean {
    const times = this.controllers.map((controller) => controller.nextWakeUp()).filter((time) => time !== undefined);
    const next = Math.min(...times);
    if (next > end) return false;
    this.clock.reach(next);
    for (const controller of this.controllers) controller.wake(this.clock.now());
    return true;
  }
}
