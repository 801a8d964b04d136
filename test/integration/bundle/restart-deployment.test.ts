import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readPipeline, runPipeline } from "./pipeline-runner.ts";
import type { Pipeline, PipelineResult, RunOptions } from "./pipeline-runner.ts";
import { startTargetCluster } from "./target-cluster.ts";
import type { TargetCluster } from "./target-cluster.ts";

let cluster: TargetCluster;
let pipeline: Pipeline;

before(async () => {
  pipeline = await readPipeline("restart-deployment");
  cluster = await startTargetCluster();
});
after(async () => cluster.stop());

function restart(
  target: string,
  params: Record<string, string> = {},
  more: Partial<RunOptions> = {},
): Promise<PipelineResult> {
  const { shell, env } = cluster;
  return runPipeline(pipeline, { run: "run-1", params: { TARGET_RESOURCE: target, ...params }, shell, env, ...more });
}

async function createDeployment(name: string, replicas = 0): Promise<void> {
  await cluster.kubectl("create", "deployment", name, "-n", "payment", "--image=web", `--replicas=${String(replicas)}`);
}

async function read(name: string, path: string): Promise<string> {
  return cluster.kubectl("get", "deployment", name, "-n", "payment", `--output=jsonpath=${path}`);
}

describe("restart-deployment on a real API server", () => {
  it("restarts the pods, waits for them and says what was changed", async () => {
    await createDeployment("web");
    const { tasks, results } = await restart("payment/deployment/web");
    assert.deepEqual(
      [...tasks].map(([name, task]) => `${name}: ${task.status}`),
      ["restart: Succeeded", "verify: Succeeded", "report: Succeeded"],
      JSON.stringify([...tasks].map(([, task]) => task.log)),
    );
    assert.equal(await read("web", "{.spec.template.metadata.annotations.kubernaut\\.ai/restarted-by}"), "run-1");
    assert.equal(
      results.get("changed"),
      "Deployment payment/web was restarted: annotation kubernaut.ai/restarted-by=run-1 on the pod template, generation 1 -> 2",
    );
    assert.equal(results.get("outcome"), "payment/deployment/web was restarted and its rollout completed.");
  });

  const spellings = ["Deployment", "DEPLOYMENT", "deployments", "deploy", "deployment.apps", "deployments.apps"];
  for (const [index, kind] of spellings.entries()) {
    it(`accepts the kind as ${kind}`, async () => {
      const name = `spelling-${String(index)}`;
      await createDeployment(name);
      const sameTarget = { TARGET_RESOURCE_NAMESPACE: "payment", TARGET_RESOURCE_NAME: name };
      const { tasks } = await restart(`payment/${kind}/${name}`, sameTarget);
      assert.equal(tasks.get("verify")?.status, "Succeeded", tasks.get("restart")?.log);
      assert.equal(await read(name, "{.metadata.generation}"), "2");
    });
  }

  it("restarts nothing again when Kubernetes runs the step a second time", async () => {
    await createDeployment("twice");
    await restart("payment/deployment/twice");
    const { tasks } = await restart("payment/deployment/twice");
    assert.equal(tasks.get("verify")?.status, "Succeeded");
    assert.equal(await read("twice", "{.metadata.generation}"), "2");
    await restart("payment/deployment/twice", {}, { run: "run-2" });
    assert.equal(await read("twice", "{.metadata.generation}"), "3");
  });

  it("fails with the Deployment's conditions and pods when the rollout does not complete", async () => {
    await createDeployment("stuck", 1);
    const { tasks, results } = await restart("payment/deployment/stuck", { ROLLOUT_TIMEOUT_SECONDS: "1" });
    const verify = tasks.get("verify");
    assert.equal(verify?.exitCode, 1);
    assert.match(
      verify.log,
      /Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability/,
    );
    assert.match(verify.log, /\n {2}stuck-[0-9a-z-]+: Pending/);
    assert.match(verify.log, /error: the rollout of Deployment payment\/stuck did not complete within 1 s\n$/);
    assert.equal(
      results.get("outcome"),
      "payment/deployment/stuck was restarted, but its rollout was not seen to complete. " +
        "Nothing was rolled back: a restart changes no configuration.",
    );
  });

  it("knows that it restarted even if the step was lost right after", async () => {
    await createDeployment("lost");
    const { results } = await restart("payment/deployment/lost", {}, { losing: "restart" });
    assert.match(
      results.get("outcome") ?? "",
      /^payment\/deployment\/lost was restarted, but task restart failed after that/,
    );
    assert.equal(results.get("changed"), undefined);
  });

  it("says that nothing was changed where the Deployment does not exist", async () => {
    const { tasks, results } = await restart("payment/deployment/absent");
    assert.equal(tasks.get("restart")?.exitCode, 1);
    assert.match(tasks.get("restart")?.log ?? "", /\(NotFound\): deployments.apps "absent" not found/);
    assert.match(results.get("outcome") ?? "", /^Nothing was changed: task restart failed before/);
  });

  it("shows the API server's refusal in a namespace without rights", async () => {
    const { tasks, results } = await restart("elsewhere/deployment/web");
    assert.match(tasks.get("restart")?.log ?? "", /^Error from server \(Forbidden\)/);
    assert.match(results.get("outcome") ?? "", /^UNKNOWN whether elsewhere\/deployment\/web was restarted/);
  });

  it("refuses a paused Deployment", async () => {
    await createDeployment("paused");
    await cluster.kubectl("rollout", "pause", "deployment/paused", "-n", "payment");
    const { tasks } = await restart("payment/deployment/paused");
    assert.equal(tasks.get("restart")?.exitCode, 2);
    assert.match(tasks.get("restart")?.log ?? "", /refused, nothing was changed: Deployment payment\/paused is paused/);
  });

  const refused: Readonly<Record<string, readonly [target: string, params: Record<string, string>, message: RegExp]>> =
    {
      "a target without a namespace": ["deployment/web", {}, /expected namespace\/deployment\/name/],
      "a target with too many parts": ["a/b/c/d", {}, /expected namespace\/deployment\/name/],
      "an empty name": ["payment/deployment/", {}, /expected namespace\/deployment\/name/],
      "another kind": ["payment/statefulset/web", {}, /is a 'statefulset', this workflow restarts Deployments only/],
      "a Deployment of another group": ["payment/deployments.example.com/web", {}, /restarts Deployments only/],
      "a name that kubectl would take for an option": [
        "payment/deployment/--all",
        {},
        /'--all' is no name of a Deployment/,
      ],
      "a name with a command in it": [
        "payment/deployment/$(touch /tmp/x)",
        {},
        /expected namespace|no name of a Deployment/,
      ],
      "another namespace beside it": [
        "payment/deployment/web",
        { TARGET_RESOURCE_NAMESPACE: "x" },
        /NAMESPACE is 'x', but/,
      ],
      "another name beside it": ["payment/deployment/web", { TARGET_RESOURCE_NAME: "x" }, /NAME is 'x', but/],
      "a timeout that never ends": ["payment/deployment/web", { ROLLOUT_TIMEOUT_SECONDS: "0" }, /expected 1 to 9999/],
      "a timeout with a unit": ["payment/deployment/web", { ROLLOUT_TIMEOUT_SECONDS: "5m" }, /expected 1 to 9999/],
    };
  for (const [sentence, [target, params, message]] of Object.entries(refused)) {
    it(`refuses ${sentence} with exit code 2`, async () => {
      const generations = [
        "get",
        "deployments",
        "--all-namespaces",
        "--output=jsonpath={.items[*].metadata.generation}",
      ];
      const before = await cluster.kubectl(...generations);
      const { tasks } = await restart(target, params);
      assert.equal(tasks.get("restart")?.exitCode, 2);
      assert.match(tasks.get("restart")?.log ?? "", message);
      assert.equal(tasks.get("verify")?.status, "None");
      assert.equal(await cluster.kubectl(...generations), before);
    });
  }
});
