/** A file of a bundle's folder. The name is without the folder, so that it doesn't depend on the machine. */
export interface BundleFile {
  readonly name: string;
  readonly text: string;
}

/** The keys and indices that lead to a place inside an object. */
export type Path = readonly (string | number)[];

/** One YAML document: a Tekton object, not yet known to be a good one. */
export interface BundleObject {
  readonly file: string;
  readonly value: unknown;
  /**
   * The line in the file, counted from 1, of what is at a path. With a text: the line of its occurrence number `nth`
   * (counted from 0) inside the string at that path.
   */
  readonly lineOf: (path: Path, text?: string, nth?: number) => number;
}

export type Json = Readonly<Record<string, unknown>>;

/** A mapping, as opposed to a list, a scalar or nothing. */
export function isMapping(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entries of a list; nothing where there is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
