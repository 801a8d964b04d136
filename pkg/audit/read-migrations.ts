import { readdir, readFile } from "node:fs/promises";
import { sha256Hex } from "../api/sha256.ts";
import type { Migration } from "./plan-migrations.ts";

const ownFolder = new URL("./migrations/", import.meta.url);

/**
 * The migrations of a folder, by number: files `NNNN_name.sql`, from 0001 without a gap. Without a folder: our own,
 * beside this file, also where it was compiled to.
 *
 * @throws Error where the folder has no migrations (they were not copied into a build), a gap, or another file
 */
export async function readMigrations(folder: URL = ownFolder): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).sort();
  if (files.length === 0) throw new Error(`no migrations in ${folder.pathname}`);
  return Promise.all(files.map((file, index) => readMigration(folder, file, index + 1)));
}

async function readMigration(folder: URL, file: string, number: number): Promise<Migration> {
  const name = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file);
  if (Number(name?.[1]) !== number) {
    throw new Error(`${folder.pathname}${file}: expected ${String(number).padStart(4, "0")}_name.sql in this place`);
  }
  const sql = await readFile(new URL(file, folder), "utf8");
  return { number, name: name?.[2] ?? "", sql, checksum: sha256Hex(sql) };
}
