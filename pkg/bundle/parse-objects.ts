import { isNode, isScalar, LineCounter, parseAllDocuments } from "yaml";
import type { Document } from "yaml";
import type { BundleFile, BundleObject, Path } from "./bundle-object.ts";
import type { Problem } from "./problem.ts";

export interface ParsedFile {
  readonly objects: readonly BundleObject[];
  readonly problems: readonly Problem[];
}

/** Reads the YAML (or JSON) documents of a file. Empty documents are left out; duplicate keys are problems. */
export function parseObjects(file: BundleFile): ParsedFile {
  const lines = new LineCounter();
  const documents = parseAllDocuments(file.text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const problems: Problem[] = [];
  const objects: BundleObject[] = [];
  for (const document of documents) {
    const broken = [...document.errors, ...document.warnings];
    problems.push(
      ...broken.map(({ pos, message }) => ({ file: file.name, line: lines.linePos(pos[0]).line, message })),
    );
    if (broken.length > 0) continue;
    const parsed = readDocument(file, document, lines);
    if ("message" in parsed) problems.push(parsed);
    else if (parsed.value !== null) objects.push(parsed);
  }
  return { objects, problems };
}

function readDocument(file: BundleFile, document: Document, lines: LineCounter): BundleObject | Problem {
  const source = { text: file.text, document, lines };
  try {
    return {
      file: file.name,
      value: document.toJS() as unknown,
      lineOf: (path, text, nth) => lineOf(source, path, text, nth),
    };
  } catch (error) {
    // An unknown alias, or a file in which aliases multiply without end.
    return { file: file.name, line: 1, message: error instanceof Error ? error.message : String(error) };
  }
}

interface Source {
  readonly text: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** The line of the node at a path, else (behind an alias) of the nearest one above it. */
function lineOf(source: Source, path: Path, text?: string, nth = 0): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = source.document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    const [start, end] = node.range;
    const found = text !== undefined && isScalar(node) ? nthIndexOf(source.text.slice(start, end), text, nth) : -1;
    return source.lines.linePos(found >= 0 ? start + found : start).line;
  }
  return 1;
}

/** Where a text occurs for the n-th time, counted from 0; -1 where it doesn't (a quoted scalar may hold escapes). */
function nthIndexOf(within: string, text: string, nth: number): number {
  let index = within.indexOf(text);
  for (let count = 0; count < nth && index >= 0; count++) index = within.indexOf(text, index + 1);
  return index;
}
