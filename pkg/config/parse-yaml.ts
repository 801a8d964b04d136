import { isMap, isScalar, LineCounter, parseDocument, type Document, type Pair, type YAMLError } from "yaml";

/** A YAML document as plain data that remembers where each key stood; or why it is none. */
type ParsedYaml =
  | { readonly type: "parsed"; readonly value: unknown; readonly lineOf: LineOf }
  | { readonly type: "broken"; readonly problems: readonly YamlProblem[] };

/** Line of the key at the end of a path, or of its closest ancestor that was written; undefined without any. */
export type LineOf = (path: readonly string[]) => number | undefined;

export interface YamlProblem {
  readonly line?: number;
  readonly message: string;
}

/**
 * Parses one strict YAML 1.2 document: duplicate keys, unknown tags, keys that aren't text and a second document are
 * problems, each with its line. The messages quote no values: one may be a secret that stands in the wrong place.
 */
export function parseYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const found = [...document.errors, ...document.warnings];
  if (found.length > 0) return { type: "broken", problems: found.map((error) => problemOf(error, text, lines)) };
  return plainData(document, lines);
}

function problemOf(error: YAMLError, text: string, lines: LineCounter): YamlProblem {
  const [offset] = error.pos;
  return { line: lines.linePos(offset).line, message: messageOf(error, text.slice(offset)) };
}

function messageOf(error: YAMLError, rest: string): string {
  if (error.code === "DUPLICATE_KEY") return `the key ${/^[^:\s]*/.exec(rest)?.[0] ?? ""} is written twice`;
  if (error.code === "MULTIPLE_DOCS") return "a second YAML document begins";
  if (error.code === "NON_STRING_KEY") return "a key that isn't text";
  // The parser quotes what it didn't expect after a colon.
  return error.code === "UNEXPECTED_TOKEN" ? error.message.replace(/: .*$/s, "") : error.message;
}

/** Unknown aliases, and aliases that would unfold to far more than was written, are only found here. */
function plainData(document: Document, lines: LineCounter): ParsedYaml {
  try {
    const value: unknown = document.toJS();
    return { type: "parsed", value, lineOf: (path) => lineOf(document, lines, path) };
  } catch (error) {
    return { type: "broken", problems: [{ message: error instanceof Error ? error.message : String(error) }] };
  }
}

function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number | undefined {
  let node: unknown = document.contents;
  let line: number | undefined;
  for (const key of path) {
    const pair = pairOf(node, key);
    if (pair === undefined) return line;
    line = isScalar(pair.key) && pair.key.range ? lines.linePos(pair.key.range[0]).line : line;
    node = pair.value;
  }
  return line;
}

function pairOf(node: unknown, key: string): Pair | undefined {
  return isMap(node) ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === key) : undefined;
}
