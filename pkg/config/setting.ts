/** The kinds of keys that the configuration file may have: each says in words what its constraint says in JSON Schema. */

/** One key of the configuration file. */
export interface Setting<T> {
  readonly default: T;
  /** What may stand here, for error messages and for docs/configuration.md. */
  readonly allowed: string;
  readonly description: string;
  /** The constraint, as JSON Schema (with the formats and the keyword of check-settings.ts). */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Settings under a common key. */
export interface SettingGroup {
  readonly [key: string]: Setting<unknown> | SettingGroup;
}

/** Type of the checked file of a group of settings. */
export type Value<G> = {
  readonly [K in keyof G]: G[K] extends Setting<infer T> ? T : Value<G[K]>;
};

interface Described<T> {
  readonly default: T;
  readonly description: string;
}

/** Any text up to a length in characters, also none. */
export function text(options: Described<string> & { readonly maxLength: number }): Setting<string> {
  const allowed = `text, at most ${String(options.maxLength)} characters`;
  return setting(options, allowed, { type: "string", maxLength: options.maxLength });
}

/** A name that Kubernetes accepts for a namespace. */
export function dnsLabel(options: Described<string>): Setting<string> {
  const allowed = "a DNS label: 1 to 63 of a-z, 0-9 and -, not first or last";
  return setting(options, allowed, { type: "string", pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$" });
}

/** Names of workflow parameters, as the CRD allows them; none is allowed too. */
export function parameterNames(options: Described<readonly string[]>): Setting<readonly string[]> {
  const allowed = "a list of different parameter names: A-Z, then A-Z, 0-9 and _, at most 128 characters each";
  const items = { type: "string", pattern: "^[A-Z][A-Z0-9_]{0,127}$" };
  return setting(options, allowed, { type: "array", items, uniqueItems: true });
}

/** A Go duration from min to max, both included and written as durations themselves. */
export function duration(options: Described<string> & { readonly min: string; readonly max: string }): Setting<string> {
  const { min, max } = options;
  return setting(options, `a duration from ${min} to ${max}, such as "1h30m"`, {
    type: "string",
    duration: { min, max },
  });
}

/** A whole number from min to max, both included. */
export function integer(options: Described<number> & { readonly min: number; readonly max: number }): Setting<number> {
  const { min, max } = options;
  const allowed = `a whole number from ${String(min)} to ${String(max)}`;
  return setting(options, allowed, { type: "integer", minimum: min, maximum: max });
}

/** An address to listen on, as a number: names would need a resolver at start. */
export function ipAddress(options: Described<string>): Setting<string> {
  return setting(options, "an IPv4 or IPv6 address", { type: "string", format: "ip-address" });
}

/** An address that only this machine (this pod) reaches. */
export function loopbackAddress(options: Described<string>): Setting<string> {
  return setting(options, "a loopback address: 127.0.0.0/8 or ::1", { type: "string", format: "loopback-address" });
}

/** One word of a closed list. */
export function oneOf<const V extends string>(
  options: Described<NoInfer<V>> & { readonly values: readonly V[] },
): Setting<V> {
  return setting(options, `one of ${options.values.join(", ")}`, { type: "string", enum: options.values });
}

/** True for a key, false for a group of keys. */
export function isSetting(node: Setting<unknown> | SettingGroup): node is Setting<unknown> {
  return typeof node["allowed"] === "string";
}

function setting<T>(described: Described<T>, allowed: string, schema: Setting<T>["schema"]): Setting<T> {
  return { default: described.default, description: described.description, allowed, schema };
}
