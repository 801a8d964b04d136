import { describe, it } from "node:test";
import { REQUESTS } from "../../support/controller-world.ts";
import { assertGolden, normalTable, normalText } from "../../support/golden-file.ts";
import { create, playToEnd, seen, untilSettled, untilStatus, type ControllerContext } from "./context.ts";
import { eventsWith } from "./records.ts";

/** What is different in every run. */
const VARYING = { AGE: "AGE", DURATION: "DURATION", SINCE: "TIME", AUDIT: "SEQ" };

/**
 * What people see: the outputs of kubectl, kept in golden/ (UPDATE_GOLDEN=1 writes them anew). It has to be the first suite
 * of its file, because the tables show all that there is.
 */
export function testPresentation(context: ControllerContext): void {
  testTables(context);
  testDescriptions(context);
}

function testTables(context: ControllerContext): void {
  describe("kubectl get shows people", () => {
    it("executions that succeeded, failed, were skipped and run", async () => {
      const world = context.world();
      await playToEnd(world, { name: "a-succeeded", target: "payment/deployment/web" }, "succeed");
      const parameters = { PLAY_EXIT_CODE: "42" };
      await playToEnd(world, { name: "b-failed", target: "payment/deployment/api", parameters }, "fail");
      await create(world, { name: "c-skipped", target: "payment/deployment/web" });
      await untilSettled(world, "c-skipped");
      await create(world, { name: "d-running", target: "payment/sts/db", parameters: { PLAY_ENDING: "never" } });
      const atWork = "task act, 0/1 tasks done";
      await untilStatus(world, "d-running", "its task at work, and its start on record", ({ message, audit }) => {
        return message === atWork && audit?.seq !== undefined;
      });
      await golden("get-wfe.txt", table(await world.kubectl("get", "wfe", "-n", REQUESTS)));
    });

    it("more of them with -o wide", async () => {
      const text = await context.world().kubectl("get", "wfe", "-n", REQUESTS, "-o", "wide");
      await golden("get-wfe-wide.txt", table(text));
    });

    it("locks: who holds which target", async () => {
      const text = await context.world().kubectl("get", "tlock", "--sort-by=.spec.targetResource");
      await golden("get-tlock.txt", table(text));
    });
  });
}

function testDescriptions(context: ControllerContext): void {
  describe("kubectl describe shows people", () => {
    const last = {
      "a-succeeded": "ExecutionCompleted",
      "b-failed": "ExecutionFailed",
      "c-skipped": "ExecutionSkipped",
    };
    for (const [name, reason] of Object.entries(last)) {
      it(`all about the execution ${name}, with its events`, async () => {
        const world = context.world();
        await eventsWith(world, await untilSettled(world, name), reason);
        const text = await world.kubectl("describe", "wfe", name, "-n", REQUESTS);
        await golden(`describe-${name}.txt`, withSortedEvents(normalText(text)));
      });
    }

    it("and nothing of it runs on", async () => {
      const world = context.world();
      world.player.end(seen(world, "d-running")?.metadata.uid ?? "", "succeed");
      await untilSettled(world, "d-running");
    });
  });
}

function golden(name: string, text: string): Promise<void> {
  return assertGolden(new URL(`golden/${name}`, import.meta.url), text);
}

function table(text: string): string {
  return normalTable(text, VARYING);
}

/** Events have a time of creation only, which kubectl doesn't sort by; their ages are different in every run. */
function withSortedEvents(text: string): string {
  const [head = "", tail = ""] = text.split(/^Events:\n/m);
  const events = tail
    .trimEnd()
    .split("\n")
    .slice(2)
    .map((line) => line.trim().split(/ {2,}/))
    .map(([type = "", reason = "", , ...rest]) => `  ${[type, reason, "AGE", ...rest].join("  ")}`);
  return `${head}Events:\n${events.sort().join("\n")}\n`;
}
