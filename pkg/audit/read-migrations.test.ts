import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { readMigrations } from "./read-migrations.ts";

async function readFiles(...files: readonly string[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "migrations-"));
  try {
    for (const file of files) await writeFile(join(folder, file), `-- ${file}`);
    const migrations = await readMigrations(pathToFileURL(`${folder}/`));
    return migrations.map(({ number, name, sql }) => `${String(number)} ${name} ${sql}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("reading migrations", () => {
  it("finds our own, which start with the roles", async () => {
    const [first] = await readMigrations();
    assert.equal(first?.name, "roles");
    assert.match(first.sql, /CREATE ROLE/);
    assert.match(first.checksum, /^[0-9a-f]{64}$/);
  });

  it("gives them by number", async () => {
    assert.deepEqual(await readFiles("0002_b.sql", "0001_a.sql"), ["1 a -- 0001_a.sql", "2 b -- 0002_b.sql"]);
  });

  const refused: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
    "a folder without any: they were left out of the build": [[], /no migrations in/],
    "a gap": [["0001_a.sql", "0003_c.sql"], /0003_c\.sql: expected 0002_name\.sql/],
    "one number twice": [["0001_a.sql", "0001_b.sql"], /0001_b\.sql: expected 0002_name\.sql/],
    "another file": [["0001_a.sql", "README.md"], /README\.md: expected 0002_name\.sql/],
  };
  for (const [sentence, [files, message]] of Object.entries(refused)) {
    it(`refuses ${sentence}`, async () => {
      await assert.rejects(readFiles(...files), message);
    });
  }
});
