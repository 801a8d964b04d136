/** What a registry asks for with a 401 (RFC 9110 section 11; the distribution project's token authentication). */
export type Challenge =
  { readonly scheme: "basic" } | { readonly scheme: "bearer"; readonly realm: string; readonly service?: string };

/** A parameter, and the scheme before it where a new challenge begins. What stands inside quotes is no parameter. */
const parameter = /(?:([a-z][\w-]*)\s+)?([a-z][\w-]*)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi;

/** Reads a WWW-Authenticate header, which may hold several challenges. Bearer is preferred; undefined: neither is there. */
export function parseChallenge(header: string): Challenge | undefined {
  const challenges = parametersByScheme(header);
  const bearer = challenges.get("bearer");
  const realm = bearer?.get("realm");
  if (realm === undefined) return challenges.has("basic") ? { scheme: "basic" } : undefined;
  const service = bearer?.get("service");
  return { scheme: "bearer", realm, ...(service === undefined ? {} : { service }) };
}

function parametersByScheme(header: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const challenges = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  for (const [, scheme, name = "", quoted, plain] of header.matchAll(parameter)) {
    if (scheme !== undefined) {
      current = new Map<string, string>();
      challenges.set(scheme.toLowerCase(), current);
    }
    current.set(name.toLowerCase(), quoted ?? plain ?? "");
  }
  return challenges;
}
