import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, it } from "node:test";
import { copyPostgres, replacePostgresData } from "../../support/postgres-data.ts";
import { startStandby } from "../../support/postgres-standby.ts";
import { startPostgres, type PostgresServer } from "../../support/postgres.ts";
import { select } from "./migrated-database.ts";

describe("a PostgreSQL that loses its last seconds", () => {
  let server: PostgresServer;
  beforeEach(async () => {
    server = await startPostgres();
    await select(server.url, "CREATE TABLE said (word text)");
  });
  afterEach(() => server.stop());

  async function say(word: string): Promise<void> {
    await select(server.url, `INSERT INTO said VALUES ('${word}')`);
  }

  async function said(): Promise<readonly unknown[]> {
    return (await select(server.url, "SELECT word FROM said")).map(({ word }) => word);
  }

  it("has what its standby had heard of, takes new writes, and has begun another timeline", async () => {
    const standby = await startStandby(server);
    await say("heard");
    await standby.caughtUp();
    await standby.cutOff();
    await say("lost");
    await server.halt("SIGQUIT");
    await standby.takeOver();
    assert.deepEqual(await said(), ["heard"]);
    await say("new");
    assert.deepEqual(await said(), ["heard", "new"]);
    const [timeline] = await select(server.url, "SELECT timeline_id AS id FROM pg_control_checkpoint()");
    assert.deepEqual(timeline, { id: 2 });
    await standby.stop();
  });

  it("has what a cold copy had, where that is restored", async () => {
    const folder = `${server.folder}-copy`;
    await say("copied");
    await copyPostgres(server, folder);
    await say("lost");
    await server.halt("SIGQUIT");
    await replacePostgresData(server, folder);
    await server.resume();
    assert.deepEqual(await said(), ["copied"]);
    await rm(folder, { recursive: true });
  });
});
