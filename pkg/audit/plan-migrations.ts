/** A numbered change of the database's structure. It is never edited once it was released. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the SQL text. */
  readonly checksum: string;
}

/** A migration as the database remembers it. */
export interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/** The database's structure isn't one that this version of the controller made: nothing was written. */
export class MigrationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MigrationError";
  }
}

/**
 * The migrations that are still to be applied, in order.
 *
 * @throws MigrationError where the database has one that we don't know (a newer version was here: going back is not
 *   supported), or one that reads differently from ours
 */
export function planMigrations(
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  for (const [index, { number, name, checksum }] of applied.entries()) {
    const ours = known[index];
    if (ours?.number !== number) {
      throw new MigrationError(
        `the database has migration ${String(number)} (${name}), which this version doesn't know: a newer version of the ` +
          `controller has prepared it. Run that version`,
      );
    }
    if (ours.checksum !== checksum) {
      throw new MigrationError(
        `migration ${String(number)} (${ours.name}) is not the one that was applied to the database as ${name}: ` +
          `released migrations must not change. Run the version that the database was prepared by, or a later one`,
      );
    }
  }
  return known.slice(applied.length);
}
