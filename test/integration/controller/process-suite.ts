import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runCommand, type CommandResult } from "../../cluster/run-command.ts";
import { projectPath } from "../../support/platform/manifests.ts";
import { create, runsOf, untilRunning, untilSettled, type ControllerContext } from "./context.ts";
import { auditRows } from "./records.ts";

/** The controller as a process: its start, its end, and several of it. */
export function testProcess(context: ControllerContext): void {
  testStop(context);
  testConfiguration();
  testTwo(context);
}

function testStop(context: ControllerContext): void {
  describe("SIGTERM", () => {
    it("ends the controller with 0 within 10 seconds; a run that goes on is found again by the next one", async () => {
      const world = context.world();
      const parameters = { PLAY_ENDING: "never" };
      await create(world, { name: "term", target: "payment/deployment/term", parameters });
      const running = await untilRunning(world, "term");
      const { code, seconds } = await context.controller().stop();
      assert.equal(code, 0);
      assert.ok(seconds < 10, `it took ${String(seconds)} s`);
      world.player.end(running.metadata.uid ?? "", "succeed");
      await world.until("the run to end", () => runsOf(world, running)[0]?.status?.completionTime);
      await context.restartController();
      const settled = await untilSettled(world, "term");
      assert.equal(settled.status?.phase, "Completed");
      assert.equal((await auditRows(world, settled)).length, 4);
    });

    it("SIGKILL in mid-run loses nothing and doubles nothing either", async () => {
      const world = context.world();
      const parameters = { PLAY_ENDING: "never" };
      await create(world, { name: "kill", target: "payment/deployment/kill", parameters });
      const running = await untilRunning(world, "kill");
      await context.controller().stop("SIGKILL");
      await context.restartController();
      world.player.end(running.metadata.uid ?? "", "succeed");
      const settled = await untilSettled(world, "kill");
      assert.equal(settled.status?.phase, "Completed");
      assert.equal(runsOf(world, settled).length, 1);
      const ordinals = (await auditRows(world, settled)).map(({ ordinal }) => ordinal);
      assert.deepEqual(ordinals, [1, 2, 3, 4]);
    });
  });
}

function testConfiguration(): void {
  describe("a configuration that is wrong", () => {
    it("is refused with exit code 2 before anything starts, all errors at once", async () => {
      const { code, stdout, stderr } = await runWith("workers: many\ncooldown: 5m\nlog: {level: loud}\n", {
        AUDIT_HMAC_KEY: "hunter22",
      });
      assert.equal(code, 2);
      const problems = ["workers", "cooldown", "log.level", "DATABASE_URL", "AUDIT_HMAC_KEY"];
      for (const problem of problems) assert.match(stderr, named(problem));
      assert.doesNotMatch(stderr, /hunter22/);
      assert.equal(stdout, "");
    });

    it("is refused where an argument is unknown, with the usage", async () => {
      const { code, stderr } = await runCommand(process.execPath, [ENTRY, "--no-such-thing"]);
      assert.equal(code, 2);
      assert.match(stderr, /no-such-thing[^]*Usage: controller/);
    });
  });
}

function testTwo(context: ControllerContext): void {
  describe("two controllers at once", () => {
    it("make one run of each execution, one execution a target, and one row of each event", async () => {
      const world = context.world();
      const second = await context.startController();
      try {
        const names = Array.from({ length: 24 }, (_, index) => `twins-${String(index)}`);
        await Promise.all(
          names.map((name, index) => {
            const target = `payment/deployment/twins-${String(index % 8)}`;
            const parameters = { PLAY_STEP_MS: "1500" };
            return create(world, { name, target, parameters, workflowId: `twin-${String(index)}` });
          }),
        );
        const settled = await Promise.all(names.map((name) => untilSettled(world, name)));
        for (const execution of settled) {
          const { phase } = execution.status ?? {};
          const rows = await auditRows(world, execution);
          const expected = phase === "Completed" ? [1, 4, "completed"] : [0, 2, "skipped"];
          assert.deepEqual([runsOf(world, execution).length, rows.length, rows.at(-1)?.event], expected);
        }
        assert.equal(settled.filter(({ status }) => status?.phase === "Completed").length, 8);
      } finally {
        await second.stop();
      }
    });
  });
}

const ENTRY = projectPath("cmd/controller/main.ts");

async function runWith(text: string, env: Readonly<Record<string, string>>): Promise<CommandResult> {
  const folder = await mkdtemp(join(tmpdir(), "configuration-"));
  try {
    const file = join(folder, "controller.yaml");
    await writeFile(file, text);
    return await runCommand(process.execPath, [ENTRY, "--config", file], { env: { DATABASE_URL: "", ...env } });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function named(setting: string): RegExp {
  return new RegExp(setting.replace(".", "\\."));
}
