import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { selectOwn } from "./own-processes.ts";
import type { HostProcess } from "./own-processes.ts";

function aProcess(pid: number, parent: number, marked = false): HostProcess {
  return { pid, parent, marked };
}

describe("selectOwn", () => {
  const cases: readonly (readonly [string, readonly HostProcess[], readonly number[]])[] = [
    ["takes what is marked", [aProcess(1, 0), aProcess(10, 1, true), aProcess(11, 1)], [10]],
    [
      "takes descendants, in whatever order they are listed",
      [aProcess(12, 11), aProcess(11, 10), aProcess(10, 1, true)],
      [10, 11, 12],
    ],
    ["leaves the parents of what is marked", [aProcess(5, 1), aProcess(6, 5, true)], [6]],
    ["leaves the process that asks", [aProcess(99, 10), aProcess(10, 1, true)], [10]],
  ];
  for (const [sentence, processes, expected] of cases) {
    it(sentence, () => {
      assert.deepEqual([...selectOwn(processes, 99)].sort(), expected);
    });
  }
});
