import { randomBytes } from "node:crypto";
import { pemBlock } from "./secret-examples.ts";

/** Random secrets that are put into every input, to be looked for in every output. */
export interface Canary {
  /** Value of a parameter that isn't shown: a secret only by that. */
  readonly parameter: string;
  /** The other secrets in their usual shapes on one line, after a harmless marker. */
  readonly line: (marker: string) => string;
  /** All secrets, over several lines, after a harmless marker. */
  readonly text: (marker: string) => string;
  /** Which of the secrets are in a text, as they are or in base64, whatever is around them. */
  readonly leaksIn: (text: string) => readonly string[];
}

/** New secrets; those that are given are looked for as well. */
export function createCanary(others: Readonly<Record<string, string>> = {}): Canary {
  const [parameter = "", bearer = "", url = "", password = ""] = Array.from({ length: 4 }, () => random("hex"));
  const aws = `AKIA${random("hex").toUpperCase().slice(0, 16)}`;
  const key = randomBytes(32).toString("base64");
  const secrets = Object.entries({ parameter, bearer, url, password, aws, key, ...others });
  const inLine = `Bearer ${bearer} from https://app:${url}@host.example/v2, password=${password}, id ${aws}`;
  return {
    parameter,
    line: (marker) => `${marker} ${inLine}`,
    text: (marker) => `${marker} value ${parameter}\n${pemBlock("EC PRIVATE KEY", key)}\n${inLine}`,
    leaksIn: (text) =>
      secrets.flatMap(([name, secret]) => spellings(secret).flatMap((found) => (text.includes(found) ? [name] : []))),
  };
}

function random(encoding: "hex"): string {
  return randomBytes(12).toString(encoding);
}

/** In base64 three ways, by how many bytes before it there are; without the characters that depend on its neighbours. */
function spellings(secret: string): readonly string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from("\0".repeat(before) + secret).toString("base64");
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + secret.length) * 8) / 6));
  });
  return [secret, ...inBase64];
}
