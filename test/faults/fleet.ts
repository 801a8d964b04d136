import type { ControllerEnd, ControllerUnderTest } from "../support/controller-under-test.ts";
import type { Random } from "./seeded-random.ts";

/** What was done to the controllers. */
export interface FleetTally {
  readonly paused: number;
  readonly resumed: number;
  readonly killed: number;
}

/** Several controllers at work on one cluster. */
export interface Fleet {
  /** SIGSTOP: one of them stands still in whatever it is doing. False where none could be spared. */
  pause(random: Random): boolean;
  /** SIGCONT: it goes on, with requests and views from before. False where none is paused. */
  resume(random: Random): boolean;
  /** SIGKILL, and another is started in its place. At least `spared` still run; false where that isn't possible. */
  kill(random: Random, spared: number): boolean;
  /** All go on; resolves when all are ready. Rejects where one didn't start again. */
  calm(): Promise<void>;
  /** Ends them politely. */
  stop(): Promise<readonly ControllerEnd[]>;
  tally(): FleetTally;
}

interface Member {
  state: "running" | "paused" | "starting";
  process: ControllerUnderTest;
  /** Resolves when it is ready. */
  ready: Promise<void>;
}

/** Starts so many. */
export async function startFleet(count: number, start: () => Promise<ControllerUnderTest>): Promise<Fleet> {
  const processes = await Promise.all(Array.from({ length: count }, start));
  const members = processes.map((process): Member => ({ state: "running", process, ready: Promise.resolve() }));
  const tally = { paused: 0, resumed: 0, killed: 0 };
  return {
    pause(random) {
      const running = inState(members, "running");
      if (running.length < 2) return false;
      signal(random.pick(running), "SIGSTOP", "paused");
      tally.paused += 1;
      return true;
    },
    resume(random) {
      const paused = inState(members, "paused");
      if (paused.length === 0) return false;
      signal(random.pick(paused), "SIGCONT", "running");
      tally.resumed += 1;
      return true;
    },
    kill(random, spared) {
      const victims = expendable(members, spared);
      if (victims.length === 0) return false;
      beginReplacing(random.pick(victims), start);
      tally.killed += 1;
      return true;
    },
    calm: () => calm(members),
    async stop() {
      await calm(members);
      return Promise.all(members.map(({ process }) => process.stop()));
    },
    tally: () => ({ ...tally }),
  };
}

function inState(members: readonly Member[], state: Member["state"]): readonly Member[] {
  return members.filter((member) => member.state === state);
}

/** So many that run have to stay. */
function expendable(members: readonly Member[], spared: number): readonly Member[] {
  const running = inState(members, "running");
  const paused = inState(members, "paused");
  return running.length <= spared ? paused : [...running, ...paused];
}

function signal(member: Member, name: NodeJS.Signals, state: Member["state"]): void {
  process.kill(member.process.pid, name);
  member.state = state;
}

function beginReplacing(member: Member, start: () => Promise<ControllerUnderTest>): void {
  member.state = "starting";
  member.ready = replace(member, start);
  // calm() tells of it.
  member.ready.catch(() => undefined);
}

async function replace(member: Member, start: () => Promise<ControllerUnderTest>): Promise<void> {
  await member.process.stop("SIGKILL");
  member.process = await start();
  member.state = "running";
}

async function calm(members: readonly Member[]): Promise<void> {
  for (const member of inState(members, "paused")) signal(member, "SIGCONT", "running");
  await Promise.all(members.map(({ ready }) => ready));
}
