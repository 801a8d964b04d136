/**
 * Falsifies a filled audit trail in every way that a superuser of its database can, ten thousand times, and verifies it each
 * time. Ends with code 1 where one is not found.
 *
 *   node test/audit/main.ts [--count NUMBER] [--seed NUMBER]
 */
import { parseArgs } from "node:util";
import { verifyTrail } from "../../pkg/audit/verify/verify-trail.ts";
import { openMigratedServer } from "../integration/audit/migrated-database.ts";
import { fillTrail } from "./filled-trail.ts";
import { renderTamper, tamper } from "./tamper.ts";

const { values } = parseArgs({ options: { count: { type: "string" }, seed: { type: "string" } } });
const count = Number(values.count ?? 10_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);

const server = await openMigratedServer();
const database = await server.open();
const trail = await fillTrail(database.url, 40);
const began = performance.now();
const results = await tamper(trail, { count, seed });
const seconds = (performance.now() - began) / 1000;
const { problem } = await verifyTrail(trail.client, trail.testimony);
await trail.client.end();
await database.close();
await server.close();

const missed = results.flatMap((result) => result.missed);
console.log(renderTamper(results));
console.log(
  `${String(count)} falsified trails of ${String(trail.checkpoint.seq)} rows in ${seconds.toFixed(0)} s, seed ${String(seed)}`,
);
for (const statements of missed) console.log(`NOT FOUND: ${statements}`);
if (problem !== undefined) console.log(`the trail itself is not right: ${problem.detail}`);
process.exitCode = missed.length === 0 && problem === undefined ? 0 : 1;
