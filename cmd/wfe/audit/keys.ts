import { readFile, writeFile } from "node:fs/promises";
import {
  generateSigningKey,
  keyIdOf,
  parseSigningKey,
  publicKeyText,
} from "../../../pkg/audit/checkpoint/checkpoint-key.ts";
import type { KeyCommand } from "./parse-keys.ts";

interface Output {
  /** Standard output. */
  readonly print: (text: string) => void;
  /** Standard error. */
  readonly tell: (text: string) => void;
}

/** Prints the public half of the private key in a file; keygen makes that file first, and never writes over another one. */
export async function runKeyCommand({ name, file }: KeyCommand, { print, tell }: Output): Promise<void> {
  if (name === "keygen") await writeFile(file, generateSigningKey(), { mode: 0o600, flag: "wx" });
  const key = parseSigningKey(await readFile(file, "utf8"));
  tell(`key ${keyIdOf(key)}`);
  print(publicKeyText(key).trimEnd());
}
