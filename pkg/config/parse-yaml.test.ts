import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseYaml, type YamlProblem } from "./parse-yaml.ts";

function problems(text: string): readonly YamlProblem[] {
  const parsed = parseYaml(text);
  return parsed.type === "broken" ? parsed.problems : [];
}

/** Aliases of aliases: a few lines that would unfold to 10^9 items. */
function unfoldingAliases(): string {
  const levels = Array.from(
    { length: 9 },
    (_, i) =>
      `a${String(i + 1)}: &a${String(i + 1)} [${Array(10)
        .fill(`*a${String(i)}`)
        .join(", ")}]`,
  );
  return ["a0: &a0 x", ...levels].join("\n");
}

describe("a YAML document", () => {
  const broken: readonly (readonly [string, string, YamlProblem])[] = [
    [
      "a key written twice",
      "workers: 1\nlog: {}\nworkers: 2",
      { line: 3, message: "the key workers is written twice" },
    ],
    [
      "a key written twice in a group",
      "api:\n  qps: 1\n  qps: 2",
      { line: 3, message: "the key qps is written twice" },
    ],
    ["a key that isn't text", "? [workers]\n: 1", { line: 1, message: "a key that isn't text" }],
    ["a second document", "workers: 1\n---\nworkers: 2", { line: 2, message: "a second YAML document begins" }],
    ["an unknown tag", "a: 1\nb: !fast 8", { line: 2, message: "Unresolved tag: !fast" }],
    ["an open quote", 'a: 8\nb: "prod', { line: 2, message: 'Missing closing "quote' }],
    [
      "a secret where none is expected, without showing it",
      "a: |s3cret",
      { line: 1, message: "Block scalar header includes extra characters" },
    ],
  ];
  for (const [sentence, text, problem] of broken) {
    it(`may not have ${sentence}`, () => {
      assert.deepEqual(problems(text), [problem]);
    });
  }

  it("may not have an alias of nothing", () => {
    assert.match(problems("a: *b")[0]?.message ?? "", /^Unresolved alias/);
  });

  it("may not unfold to far more than was written", () => {
    assert.match(problems(unfoldingAliases())[0]?.message ?? "", /^Excessive alias count/);
  });

  it("says all that is wrong with it, each with its line", () => {
    const lines = problems("a: 1\na: 2\nb: !x 1\nb: 2").map(({ line }) => line);
    assert.deepEqual(lines.toSorted(), [2, 3, 4]);
  });

  it("remembers the line of each key, and of the closest one for keys that were not written", () => {
    const parsed = parseYaml("# comment\na:\n  b:\n    c: 1\nd: 2\n");
    assert.equal(parsed.type, "parsed");
    const lines = [["a"], ["a", "b"], ["a", "b", "c"], ["d"], ["a", "b", "x"], ["x"], []].map(parsed.lineOf);
    assert.deepEqual(lines, [2, 3, 4, 5, 3, undefined, undefined]);
  });
});
