import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MigrationError, planMigrations } from "./plan-migrations.ts";
import type { Migration } from "./plan-migrations.ts";

function aMigration(number: number, sql = `statement ${String(number)}`): Migration {
  return { number, name: `m${String(number)}`, sql, checksum: `sum of ${sql}` };
}

const known = [aMigration(1), aMigration(2), aMigration(3)];

describe("the plan of migrations", () => {
  const plans: Readonly<Record<string, readonly [readonly Migration[], readonly number[]]>> = {
    "is all of them for an empty database": [[], [1, 2, 3]],
    "is the missing ones for an older database": [[aMigration(1)], [2, 3]],
    "is empty for a database of this version": [known, []],
  };
  for (const [sentence, [applied, numbers]] of Object.entries(plans)) {
    it(sentence, () => {
      assert.deepEqual(
        planMigrations(known, applied).map(({ number }) => number),
        numbers,
      );
    });
  }

  const refusals: Readonly<Record<string, readonly [readonly Migration[], RegExp]>> = {
    "a database of a newer version": [[...known, aMigration(4)], /migration 4 \(m4\), which this version doesn't know/],
    "a database in which a migration is missing": [
      [aMigration(2)],
      /migration 2 \(m2\), which this version doesn't know/,
    ],
    "a migration that was changed after it was applied": [
      [aMigration(1), aMigration(2, "edited")],
      /migration 2 \(m2\) is not the one that was applied/,
    ],
  };
  for (const [sentence, [applied, message]] of Object.entries(refusals)) {
    it(`refuses ${sentence}`, () => {
      assert.throws(
        () => planMigrations(known, applied),
        (error) => error instanceof MigrationError && message.test(error.message),
      );
    });
  }
});
