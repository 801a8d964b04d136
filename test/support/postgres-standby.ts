import { appendFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Client } from "pg";
import { waitFor } from "../cluster/wait.ts";
import { copyPostgres, replacePostgresData } from "./postgres-data.ts";
import { startPostgres, type PostgresServer } from "./postgres.ts";

/** A hot standby that follows a server asynchronously: what the server commits it hears of later, or never. */
export interface Standby {
  /** Resolves when it has replayed all that the server had written by now. */
  caughtUp(): Promise<void>;
  /** From now on it hears nothing any more, as behind a network that is cut. */
  cutOff(): Promise<void>;
  /** Takes the halted server's place, under its address, and is promoted to a primary: a new timeline. */
  takeOver(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const DEADLINE_MS = 30_000;

/** Makes a standby of a server that runs. The server is stopped for a moment, to be copied. */
export async function startStandby(primary: PostgresServer): Promise<Standby> {
  const folder = `${primary.folder}-standby`;
  await copyPostgres(primary, folder);
  await follow(join(folder, "data"), primary.url);
  const standby = await startPostgres({ dataDir: folder });
  return {
    async caughtUp() {
      const end = await ask(primary.url, "SELECT pg_current_wal_flush_lsn() AS answer");
      const hasReplayed = `SELECT pg_last_wal_replay_lsn() >= '${String(end)}' AS answer`;
      await waitFor("the standby to catch up", DEADLINE_MS, async () => (await ask(standby.url, hasReplayed)) === true);
    },
    async cutOff() {
      await ask(standby.url, "ALTER SYSTEM SET primary_conninfo = ''");
      await ask(standby.url, "SELECT pg_reload_conf() AS answer");
      const isAlone = "SELECT NOT EXISTS (SELECT FROM pg_stat_wal_receiver) AS answer";
      await waitFor("the standby to be alone", DEADLINE_MS, async () => (await ask(standby.url, isAlone)) === true);
    },
    async takeOver() {
      await standby.halt("SIGINT");
      await replacePostgresData(primary, folder);
      await primary.resume();
      // Whoever connects meanwhile finds a server that only reads, as with any failover.
      await ask(primary.url, "SELECT pg_promote() AS answer");
    },
    async stop() {
      await standby.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function follow(data: string, url: string): Promise<void> {
  await appendFile(join(data, "postgresql.auto.conf"), `primary_conninfo = '${url}'\n`);
  // Empty: that it is there says it all. The server's account only has to read it.
  await writeFile(join(data, "standby.signal"), "", { mode: 0o644 });
}

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly answer: unknown }>(statement);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}
