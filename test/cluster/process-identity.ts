import { readFileSync } from "node:fs";

/** One process, never another one that got the same pid later: its start time (clock ticks since boot) and its boot. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
}

export interface ProcessStat {
  readonly state: string;
  readonly parent: number;
  readonly threads: number;
  readonly startTime: string;
}

/** Reads /proc/PID/stat. The name in parentheses may itself hold spaces and parentheses. */
export function parseStat(text: string): ProcessStat | undefined {
  const [state, parent, ...rest] = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // num_threads is field 20 of the line, starttime field 22; the state is field 3.
  const [threads, startTime] = [rest[15], rest[17]];
  if (state === undefined || parent === undefined || startTime === undefined) return undefined;
  return { state, parent: Number(parent), threads: Number(threads), startTime };
}

/** The state of a process; undefined if there is none with this pid. */
export function statOf(pid: number): ProcessStat | undefined {
  const text = readProcFile(pid, "stat");
  return text === undefined ? undefined : parseStat(text);
}

/** The content of a file below /proc/PID; undefined if the process is gone or another user's. */
export function readProcFile(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${String(pid)}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Identifies a running process; undefined if it has already ended. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = statOf(pid);
  return stat === undefined ? undefined : { pid, startTime: stat.startTime, bootId: bootId() };
}

/** Identifies the process that asks. */
export function identifySelf(): ProcessIdentity {
  const self = identify(process.pid);
  if (self === undefined) throw new Error("/proc/self/stat can't be read");
  return self;
}

/**
 * Whether a process has ended and only waits for its parent to notice. While other threads are left its files and ports
 * are still open.
 */
export function hasEnded({ state, threads }: ProcessStat): boolean {
  return state === "Z" && threads <= 1;
}

/** Whether exactly this process still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  const stat = statOf(identity.pid);
  if (stat === undefined || hasEnded(stat)) return false;
  return stat.startTime === identity.startTime && identity.bootId === bootId();
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
