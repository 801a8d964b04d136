import { migrationClient } from "../pool.ts";

/** One statement over a connection of its own. Gives the rows. */
export async function call<Row>(url: string, statement: string, values: readonly unknown[]): Promise<readonly Row[]> {
  const client = migrationClient(url);
  await client.connect();
  try {
    return (await client.query(statement, [...values])).rows as readonly Row[];
  } finally {
    await client.end();
  }
}
