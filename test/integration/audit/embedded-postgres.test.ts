import assert from "node:assert/strict";
import { once } from "node:events";
import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { waitFor } from "../../cluster/wait.ts";
import { createDatabase, databaseName } from "../../support/postgres-database.ts";
import { startPostgresDetached, stopPostgresDetached } from "../../support/postgres-detached.ts";
import { copyOnce, findPostgresPrograms, isOpenToAll, serverAccount } from "../../support/postgres-programs.ts";
import { startPostgres } from "../../support/postgres.ts";

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  // The server may go away while we are connected: then the query says so.
  client.on("error", () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(statement);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

describe("the embedded PostgreSQL", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "postgres-test-"));
    await chmod(folder, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("keeps what was committed over a crash, on the same port", async () => {
    const server = await startPostgres();
    try {
      await ask(server.url, "CREATE TABLE kept AS SELECT 42 AS answer");
      await server.halt("SIGKILL");
      await assert.rejects(ask(server.url, "SELECT 1"), { code: "ECONNREFUSED" });
      await server.resume();
      assert.equal(await ask(server.url, "SELECT answer FROM kept"), 42);
    } finally {
      await server.stop();
    }
  });

  it("lets nobody in without its password", async () => {
    const server = await startPostgres();
    try {
      const wrong = new URL(server.url);
      wrong.password = "guessed";
      await assert.rejects(ask(wrong.href, "SELECT 1"), { code: "28P01" });
    } finally {
      await server.stop();
    }
  });

  it("uses a named data folder again", async () => {
    const dataDir = join(folder, "kept");
    const first = await startPostgres({ dataDir });
    await ask(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await first.stop();
    const second = await startPostgres({ dataDir });
    assert.equal(await ask(second.url, "SELECT answer FROM kept"), 42);
    await second.stop();
  });

  it("says why it can't start", async () => {
    const first = await startPostgres();
    try {
      await assert.rejects(startPostgres({ port: Number(new URL(first.url).port) }), /could not bind/);
    } finally {
      await first.stop();
    }
  });

  it("ends and leaves no data when its starter is killed", async () => {
    const script = `
      const { startPostgres } = await import(${JSON.stringify(import.meta.resolve("../../support/postgres.ts"))});
      const { url } = await startPostgres();
      console.log(url);`;
    const starter = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [chunk] = (await once(starter.stdout, "data")) as [Buffer];
    const url = chunk.toString().trim();
    const data = String(await ask(url, "SELECT current_setting('data_directory') AS answer"));
    starter.kill("SIGKILL");
    await waitFor("the end of a server without starter", 10_000, async () =>
      stat(join(data, "..")).then(
        () => false,
        () => true,
      ),
    );
    await assert.rejects(ask(url, "SELECT 1"), { code: "ECONNREFUSED" });
  });

  it("outlives its starter where it is asked to, keeps its data, and goes when it is told", async () => {
    const stateDir = join(folder, "state");
    const { url } = await startPostgresDetached({ stateDir });
    assert.deepEqual(await startPostgresDetached({ stateDir }), { url }, "a second start gives the running one");
    await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer");
    assert.equal((await stat(join(stateDir, "postgres.json"))).mode & 0o777, 0o600);
    await stopPostgresDetached(stateDir);
    await assert.rejects(ask(url, "SELECT 1"), { code: "ECONNREFUSED" });

    const again = await startPostgresDetached({ stateDir, port: Number(new URL(url).port) });
    assert.equal(again.url, url);
    assert.equal(await ask(again.url, "SELECT answer FROM kept"), 42);
    await stopPostgresDetached(stateDir, { removeData: true });
    await stopPostgresDetached(stateDir);
    await assert.rejects(stat(join(stateDir, "postgres")), { code: "ENOENT" });
  });

  it("finds room for its data where its account can't enter the state folder", async () => {
    const stateDir = join(folder, "closed", "state");
    await mkdir(join(folder, "closed"), { mode: 0o700 });
    const { url } = await startPostgresDetached({ stateDir });
    assert.equal(await ask(url, "SELECT 42 AS answer"), 42);
    await stopPostgresDetached(stateDir, { removeData: true });
  });

  it("gives databases that see nothing of each other, and copies of a prepared one", async () => {
    const server = await startPostgres();
    try {
      const first = await createDatabase(server.url);
      await ask(first.url, "CREATE TABLE prepared AS SELECT 42 AS answer");
      const copy = await createDatabase(server.url, databaseName(first.url));
      const other = await createDatabase(server.url);
      assert.equal(await ask(copy.url, "SELECT answer FROM prepared"), 42);
      await assert.rejects(ask(other.url, "SELECT answer FROM prepared"), { code: "42P01" });
      await first.close();
      await assert.rejects(ask(first.url, "SELECT 1"), { code: "3D000" });
    } finally {
      await server.stop();
    }
  });

  describe("finding its programs", () => {
    it("sees that a folder below a closed one is closed", async () => {
      const inner = join(folder, "closed", "open");
      await mkdir(inner, { recursive: true, mode: 0o755 });
      assert.equal(await isOpenToAll(inner), true);
      await chmod(join(folder, "closed"), 0o750);
      assert.equal(await isOpenToAll(inner), false);
    });

    it("copies once, also when several copy at the same time", async () => {
      await mkdir(join(folder, "source"));
      await writeFile(join(folder, "source", "program"), "one", { mode: 0o700 });
      const destination = join(folder, "copy");
      const copies = await Promise.all([1, 2, 3].map(() => copyOnce(join(folder, "source"), destination)));
      assert.deepEqual(copies, [destination, destination, destination]);
      await writeFile(join(folder, "source", "program"), "two");
      await copyOnce(join(folder, "source"), destination);
      assert.equal(await readFile(join(destination, "program"), "utf8"), "one");
      assert.equal((await stat(join(destination, "program"))).mode & 0o777, 0o755, "open to the server's account");
    });

    it("refuses a copy that others may have written", async () => {
      await mkdir(join(folder, "copy"));
      await chmod(join(folder, "copy"), 0o777);
      await assert.rejects(copyOnce(folder, join(folder, "copy")), /could be anybody's/);
    });

    it("gives programs that the server's account may run", async () => {
      const { postgres } = await findPostgresPrograms(serverAccount());
      const child = spawn(postgres, ["--version"], { ...serverAccount(), stdio: ["ignore", "pipe", "inherit"] });
      const [chunk] = (await once(child.stdout, "data")) as [Buffer];
      assert.match(chunk.toString(), /^postgres \(PostgreSQL\) 1[5-9]/);
    });
  });
});
