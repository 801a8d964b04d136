import type { PostgresServer } from "../support/postgres.ts";

/** How often PostgreSQL was crashed: with SIGQUIT, which its own tools call immediate, and with SIGKILL. */
export interface OutageTally {
  readonly quit: number;
  readonly killedDatabases: number;
}

/** A PostgreSQL that crashes and is started again. */
export interface DatabaseOutages {
  /** Crashes it. False where it is down, or on its way. */
  begin(signal: "SIGQUIT" | "SIGKILL"): Promise<boolean>;
  /** Starts it again. False where it runs, or is on its way. */
  end(): Promise<boolean>;
  /** Resolves when it runs. */
  calm(): Promise<void>;
  tally(): OutageTally;
}

/** The outages of one server, which runs at first. */
export function createDatabaseOutages(server: Pick<PostgresServer, "halt" | "resume">): DatabaseOutages {
  let isUp = true;
  let change: Promise<void> | undefined;
  const tally = { quit: 0, killedDatabases: 0 };
  return {
    async begin(signal) {
      if (change !== undefined || !isUp) return false;
      await changeTo(false, server.halt(signal));
      tally[signal === "SIGQUIT" ? "quit" : "killedDatabases"] += 1;
      return true;
    },
    async end() {
      if (change !== undefined || isUp) return false;
      await changeTo(true, server.resume());
      return true;
    },
    async calm() {
      await change;
      if (!isUp) await changeTo(true, server.resume());
    },
    tally: () => ({ ...tally }),
  };

  async function changeTo(state: boolean, work: Promise<void>): Promise<void> {
    change = work;
    await work;
    isUp = state;
    change = undefined;
  }
}
