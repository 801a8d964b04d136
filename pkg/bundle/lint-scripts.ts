import { isMapping, listOf } from "./bundle-object.ts";
import type { BundleObject, Path } from "./bundle-object.ts";
import type { Problem } from "./problem.ts";
import { containersOf, taskSpecs } from "./task-specs.ts";
import type { ContainerPlace } from "./task-specs.ts";

/** Tekton's variables (its docs/variables.md), up to the closing parenthesis where there is one. */
const variable =
  /\$\((?:params|tasks|finally|context|workspaces|results|steps|step|inputs|outputs|artifacts|credentials)[.[][^)\n]*\)?/g;

/** Paths of files that Tekton itself names: no text of a user is in them. */
const generatedPath =
  /^\$\((?:(?:step\.)?results(?:\.[\w-]+|\['[\w.-]+'\]|\["[\w.-]+"\])\.path|steps\.step-[\w-]+\.exitCode\.path)\)$/;

const shells = new Set(["sh", "ash", "bash", "dash", "ksh", "zsh", "busybox"]);

interface Program {
  readonly path: Path;
  readonly text: string;
}

/**
 * Finds Tekton variables inside programs: scripts, and what is given to a shell after `-c`. Tekton pastes a variable's
 * text into the program before it runs, so a parameter could bring its own commands. An environment variable is data.
 */
export function lintScripts(object: BundleObject): readonly Problem[] {
  if (!isMapping(object.value)) return [];
  return taskSpecs(object.value)
    .flatMap(containersOf)
    .flatMap((place) => programsOf(place).flatMap((program) => lintProgram(object, place.where, program)));
}

function lintProgram(object: BundleObject, where: string, program: Program): readonly Problem[] {
  const seen = new Map<string, number>();
  const problems: Problem[] = [];
  for (const [found] of program.text.matchAll(variable)) {
    const nth = seen.get(found) ?? 0;
    seen.set(found, nth + 1);
    if (generatedPath.test(found)) continue;
    const line = object.lineOf(program.path, found, nth);
    problems.push({ file: object.file, line, where, message: explain(found) });
  }
  return problems;
}

function explain(found: string): string {
  return (
    `${found} inside a script: Tekton pastes its text into the program (or leaves it to the shell as a command). ` +
    `Give it to the step through env, as {name: X, value: ${found}}, and use "$X"`
  );
}

function programsOf({ container, path }: ContainerPlace): readonly Program[] {
  const script = container["script"];
  const own = typeof script === "string" ? [{ path: [...path, "script"], text: script }] : [];
  return [...own, ...shellPrograms(container, path)];
}

/** The texts that `command` and `args` together give to a shell after `-c`. */
function shellPrograms(container: Readonly<Record<string, unknown>>, path: Path): readonly Program[] {
  const words = ["command", "args"].flatMap((key) =>
    listOf(container[key]).map((text, index) => ({ path: [...path, key, index], text: String(text) })),
  );
  return words.filter((_, index) => {
    const before = words.slice(0, index).map(({ text }) => text);
    return /^-\w*c$/.test(before.at(-1) ?? "") && before.some((text) => shells.has(text.split("/").at(-1) ?? ""));
  });
}
