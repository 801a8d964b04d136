import { verifyTrail } from "../../pkg/audit/verify/verify-trail.ts";
import { anchoredMutations } from "./anchored-mutations.ts";
import type { FilledTrail } from "./filled-trail.ts";
import { mutations } from "./mutations.ts";
import type { Bounds, Mutation } from "./mutations.ts";
import { randomFrom } from "./random.ts";

export interface TamperResult {
  readonly name: string;
  /** How often it was done; a mutation that changed nothing isn't counted. */
  done: number;
  found: number;
  /** Found from the tables alone. */
  foundAlone: number;
  /** What was not found, as statements. */
  readonly missed: string[];
}

export interface TamperOptions {
  readonly count: number;
  readonly seed: number;
}

/** Falsifies a trail so many times, one way at a time, and verifies it each time; then everything is undone. */
export async function tamper(trail: FilledTrail, { count, seed }: TamperOptions): Promise<readonly TamperResult[]> {
  const random = randomFrom(seed);
  const bounds = await boundsOf(trail);
  const ways = [...mutations.map((mutation) => ({ mutation, from: bounds })), ...anchoredWays(trail, bounds)];
  const results = new Map<Mutation, TamperResult>(ways.map(({ mutation }) => [mutation, noResult(mutation)]));
  for (let done = 0; done < count;) {
    // Every second one is an edit of a column: there are so many.
    const { mutation, from } = random.pick(done % 2 === 0 ? ways.slice(0, 1) : ways);
    const result = results.get(mutation) ?? noResult(mutation);
    if (await tamperOnce(trail, mutation.statements(random, from), result)) done += 1;
  }
  return [...results.values()];
}

function noResult({ name }: Mutation): TamperResult {
  return { name, done: 0, found: 0, foundAlone: 0, missed: [] };
}

/** A rewritten row must be one that no table names, or the tables alone show it. */
function anchoredWays({ firstFree }: FilledTrail, { last }: Bounds): readonly { mutation: Mutation; from: Bounds }[] {
  return anchoredMutations.map((mutation) => ({ mutation, from: { first: firstFree, last } }));
}

async function tamperOnce(
  { client, testimony }: FilledTrail,
  statements: readonly string[],
  result: TamperResult,
): Promise<boolean> {
  await client.query("BEGIN");
  try {
    for (const [index, statement] of statements.entries()) {
      const { rowCount } = await client.query(statement);
      if (index === 0 && rowCount === 0) return false;
    }
    const alone = await verifyTrail(client);
    const anchored = alone.problem === undefined ? await verifyTrail(client, testimony) : alone;
    result.done += 1;
    if (alone.problem !== undefined) result.foundAlone += 1;
    if (anchored.problem !== undefined) result.found += 1;
    else result.missed.push(statements.join("; "));
    return true;
  } finally {
    await client.query("ROLLBACK");
  }
}

async function boundsOf({ client }: FilledTrail): Promise<Bounds> {
  const { rows } = await client.query<{ first: string; last: string }>(
    "SELECT min(seq) AS first, max(seq) AS last FROM audit.events",
  );
  return { first: Number(rows[0]?.first), last: Number(rows[0]?.last) };
}

/** A line for each way to falsify: what the tables alone show, and what needs what was said before. */
export function renderTamper(results: readonly TamperResult[]): string {
  return results.map(renderResult).join("\n");
}

function renderResult({ name, done, found, foundAlone }: TamperResult): string {
  const alone = `${String(foundAlone).padStart(6)} without the checkpoint`;
  return `${String(found).padStart(6)} of ${String(done).padStart(6)} found, ${alone}: ${name}`;
}
