import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { anchoredMutations } from "../../audit/anchored-mutations.ts";
import { fillTrail } from "../../audit/filled-trail.ts";
import type { FilledTrail } from "../../audit/filled-trail.ts";
import { renderTamper, tamper } from "../../audit/tamper.ts";
import { verifyTrail } from "../../../pkg/audit/verify/verify-trail.ts";
import type { TestDatabase } from "../../support/postgres-database.ts";
import { openMigratedServer } from "./migrated-database.ts";
import type { MigratedServer } from "./migrated-database.ts";

/** `node test/audit/main.ts` does ten thousand and more. */
const COUNT = Number(process.env["TAMPER_COUNT"] ?? 600);

describe("a trail that a superuser has falsified", () => {
  let server: MigratedServer;
  let database: TestDatabase;
  let trail: FilledTrail;
  before(async () => {
    server = await openMigratedServer();
    database = await server.open();
    trail = await fillTrail(database.url, 25);
  });
  after(async () => {
    await trail.client.end();
    await database.close();
    await server.close();
  });

  it(`is found to be false ${String(COUNT)} times of ${String(COUNT)}; a consistent one by a signed checkpoint only`, async (t) => {
    const results = await tamper(trail, { count: COUNT, seed: 20260301 });
    t.diagnostic(renderTamper(results));
    assert.deepEqual(
      results.flatMap(({ missed }) => missed),
      [],
    );
    const consistent = new Set(anchoredMutations.map(({ name }) => name));
    for (const { name, done, foundAlone } of results) {
      assert.ok(done > 0, `${name} was done`);
      assert.equal(foundAlone, consistent.has(name) ? 0 : done, `${name} is found without a checkpoint`);
    }
  });

  it("is right again when all is undone", async () => {
    assert.equal((await verifyTrail(trail.client, trail.testimony)).problem, undefined);
  });
});
