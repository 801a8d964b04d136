import { isMapping } from "./bundle-object.ts";
import { loginNamesOf } from "./registry-address.ts";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * The credentials for a registry in a docker config.json, as `docker login` leaves them under `auths`. Credential helpers
 * are programs, and are not asked.
 *
 * @throws Error where the text is not JSON. Its contents are never in a message.
 */
export function credentialsFor(configText: string, registry: string): Credentials | undefined {
  const config = parse(configText);
  const auths = isMapping(config) && isMapping(config["auths"]) ? Object.entries(config["auths"]) : [];
  for (const name of loginNamesOf(registry)) {
    for (const [key, entry] of auths) {
      const credentials = key.replace(/^https?:\/\//, "").replace(/\/.*$/, "") === name ? read(entry) : undefined;
      if (credentials !== undefined) return credentials;
    }
  }
  return undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error("the docker configuration is not JSON");
  }
}

function read(entry: unknown): Credentials | undefined {
  if (!isMapping(entry)) return undefined;
  const { username, password, auth } = entry;
  if (typeof username === "string" && typeof password === "string") return { username, password };
  if (typeof auth !== "string") return undefined;
  const decoded = Buffer.from(auth, "base64").toString();
  const colon = decoded.indexOf(":");
  return colon > 0 ? { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) } : undefined;
}
