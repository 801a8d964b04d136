import { isSetting, type Setting, type SettingGroup } from "./setting.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema of a group of settings: no other keys, and every key that is missing gets its default. */
export function schemaOf(group: SettingGroup): JsonSchema {
  const properties = Object.fromEntries(Object.entries(group).map(([key, node]) => [key, schemaOfNode(node)]));
  return { type: "object", additionalProperties: false, properties };
}

function schemaOfNode(node: Setting<unknown> | SettingGroup): JsonSchema {
  return isSetting(node) ? { ...node.schema, default: node.default } : { ...schemaOf(node), default: {} };
}

/** The setting or group at a key path, an item of a list belonging to its setting; undefined where there is none. */
export function nodeAt(group: SettingGroup, path: readonly string[]): Setting<unknown> | SettingGroup | undefined {
  let node: Setting<unknown> | SettingGroup | undefined = group;
  for (const key of path) {
    if (isSetting(node)) return node;
    if (!Object.hasOwn(node, key)) return undefined;
    node = node[key];
    if (node === undefined) return undefined;
  }
  return node;
}

/** All settings of a group with their key paths, dotted, in the order in which they are declared. */
export function settingsOf(group: SettingGroup, prefix = ""): readonly (readonly [string, Setting<unknown>])[] {
  return Object.entries(group).flatMap(([key, node]) =>
    isSetting(node) ? [[`${prefix}${key}`, node] as const] : settingsOf(node, `${prefix}${key}.`),
  );
}
