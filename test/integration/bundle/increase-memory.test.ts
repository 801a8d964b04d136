import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readPipeline, runPipeline } from "./pipeline-runner.ts";
import type { Pipeline, PipelineResult, RunOptions } from "./pipeline-runner.ts";
import { startTargetCluster } from "./target-cluster.ts";
import type { TargetCluster } from "./target-cluster.ts";

let cluster: TargetCluster;
let pipeline: Pipeline;

before(async () => {
  pipeline = await readPipeline("increase-memory");
  cluster = await startTargetCluster();
});
after(async () => cluster.stop());

function increase(
  name: string,
  params: Record<string, string> = {},
  more: Partial<RunOptions> = {},
): Promise<PipelineResult> {
  const { shell, env } = cluster;
  const all = { TARGET_RESOURCE: `payment/deployment/${name}`, ...params };
  return runPipeline(pipeline, { run: "run-1", params: all, shell, env, ...more });
}

/** A rollout that can't complete: no pod runs here. Not waited for longer than needed. */
const stuck = { ROLLOUT_TIMEOUT_SECONDS: "1", ROLLBACK_TIMEOUT_SECONDS: "1" };

async function createDeployment(name: string, limit: string, replicas = 0): Promise<void> {
  await cluster.kubectl("create", "deployment", name, "-n", "payment", "--image=web", `--replicas=${String(replicas)}`);
  if (limit !== "") await setLimit(name, limit);
}

async function setLimit(name: string, limit: string): Promise<void> {
  await cluster.kubectl("set", "resources", "deployment", name, "-n", "payment", `--limits=memory=${limit}`);
}

async function read(name: string, path: string): Promise<string> {
  return cluster.kubectl("get", "deployment", name, "-n", "payment", `--output=jsonpath=${path}`);
}

async function limitOf(name: string): Promise<string> {
  return read(name, "{.spec.template.spec.containers[0].resources.limits.memory}");
}

async function noteOn(name: string): Promise<string> {
  return read(name, "{.metadata.annotations.kubernaut\\.ai/increase-memory}");
}

describe("increase-memory on a real API server", () => {
  it("raises the limit, waits for the rollout and says what was changed", async () => {
    await createDeployment("web", "256Mi");
    const { tasks, results } = await increase("web");
    assert.deepEqual(
      [...tasks].map(([name, task]) => `${name}: ${task.status}`),
      ["increase: Succeeded", "verify: Succeeded", "report: Succeeded"],
      JSON.stringify([...tasks].map(([, task]) => task.log)),
    );
    assert.equal(await limitOf("web"), "512Mi");
    assert.equal(results.get("changed"), "Deployment payment/web, container web: memory limit 256Mi -> 512Mi");
    assert.equal(
      results.get("outcome"),
      "The memory limit of container web of Deployment payment/web was increased from 256Mi to 512Mi and the rollout completed.",
    );
  });

  it("puts the old limit back when the rollout does not complete", async () => {
    await createDeployment("stuck", "256Mi", 1);
    // The server makes 1Gi of it: the rollback has to know the limit again all the same.
    const { tasks, results } = await increase("stuck", { MEMORY_LIMIT: "1024Mi", ...stuck });
    assert.equal(tasks.get("increase")?.status, "Succeeded");
    assert.equal(tasks.get("verify")?.exitCode, 1);
    assert.equal(tasks.get("report")?.exitCode, 0, tasks.get("report")?.log);
    assert.equal(await limitOf("stuck"), "256Mi");
    assert.equal(await noteOn("stuck"), "run-1 web 256Mi 1Gi rolled-back");
    assert.equal(
      results.get("outcome"),
      "ROLLED BACK: the memory limit of container web of Deployment payment/stuck was put back from 1Gi to 256Mi; " +
        "the rollout of the old limit was not seen to complete.",
    );
  });

  it("rolls back what a step changed that was lost before it could say so", async () => {
    await createDeployment("lost", "256Mi");
    const { results } = await increase("lost", {}, { losing: "increase" });
    assert.equal(await limitOf("lost"), "256Mi");
    assert.match(
      results.get("outcome") ?? "",
      /^ROLLED BACK: .* from 512Mi to 256Mi, and the rollout of the old limit completed\.$/,
    );
  });

  it("takes its own note for the work done when Kubernetes runs the step a second time", async () => {
    await createDeployment("twice", "256Mi");
    await increase("twice");
    const { results } = await increase("twice");
    assert.equal(results.get("changed"), "Deployment payment/twice, container web: memory limit 256Mi -> 512Mi");
    const other = await increase("twice", {}, { run: "run-2" });
    assert.match(
      other.tasks.get("increase")?.log ?? "",
      /MEMORY_LIMIT 512Mi is not more than the 512Mi that container web has/,
    );
    assert.equal(
      other.results.get("outcome"),
      "Nothing was changed, so nothing was rolled back (task increase: Failed).",
    );
  });

  it("says that it rolled back when the rollback itself is run a second time", async () => {
    await createDeployment("again", "256Mi", 1);
    await increase("again", stuck);
    await setLimit("again", "300Mi");
    const { results } = await increase("again", stuck, { losing: "increase" });
    assert.match(results.get("outcome") ?? "", /^ROLLED BACK: /);
    assert.equal(await limitOf("again"), "300Mi");
  });

  it("leaves a limit alone that somebody set since", async () => {
    await createDeployment("meddled", "256Mi");
    async function before(task: string): Promise<void> {
      if (task === "verify") await setLimit("meddled", "2Gi");
    }
    const { tasks, results } = await increase("meddled", {}, { before, losing: "verify" });
    assert.equal(tasks.get("report")?.exitCode, 1);
    assert.match(results.get("outcome") ?? "", /^NOT ROLLED BACK: .* is now '2Gi', not the 512Mi of this run/);
    assert.equal(await limitOf("meddled"), "2Gi");
  });

  it("looks again when somebody changes the Deployment between its reading and its writing", async () => {
    await createDeployment("contended", "256Mi");
    // Right before the first real patch, the limit moves: without the fence, 300Mi would be lost from the record.
    await cluster.interpose(`
case "$*" in
  *rolled-back* | *dry-run*) ;;
  patch*) [ -e "$HOME/moved" ] || { : > "$HOME/moved"
    "$KUBECTL" patch deployments.apps contended -n payment --type=json -o name --patch='[{"op": "replace",
      "path": "/spec/template/spec/containers/0/resources/limits/memory", "value": "300Mi"}]'; } ;;
esac
exec "$KUBECTL" "$@"`);
    const { tasks, results } = await increase("contended");
    await cluster.interpose();
    assert.match(tasks.get("increase")?.log ?? "", /\(Conflict\)/);
    assert.equal(results.get("changed"), "Deployment payment/contended, container web: memory limit 300Mi -> 512Mi");
  });

  it("says that it could not roll back when the API server keeps refusing", async () => {
    await createDeployment("refused", "256Mi");
    await cluster.interpose(`
case "$*" in
  *rolled-back*) echo "Error from server (Forbidden): no more" >&2; exit 1 ;;
esac
exec "$KUBECTL" "$@"`);
    const { tasks, results } = await increase("refused", {}, { losing: "verify" });
    await cluster.interpose();
    assert.equal(tasks.get("report")?.exitCode, 1);
    assert.equal(await limitOf("refused"), "512Mi");
    assert.equal(
      results.get("outcome"),
      "NOT ROLLED BACK: the memory limit of container web of Deployment payment/refused is still 512Mi instead of 256Mi. " +
        "Error from server (Forbidden): no more",
    );
  });

  it("changes the container that it was told of", async () => {
    await createDeployment("several", "");
    const sidecar = '{"name": "proxy", "image": "x", "resources": {"limits": {"memory": "64Mi"}}}';
    const patch = `{"spec": {"template": {"spec": {"containers": [${sidecar}]}}}}`;
    await cluster.kubectl("patch", "deployment", "several", "-n", "payment", `--patch=${patch}`);
    const { results } = await increase("several", { CONTAINER: "proxy", MEMORY_LIMIT: "96Mi" });
    assert.equal(results.get("changed"), "Deployment payment/several, container proxy: memory limit 64Mi -> 96Mi");
  });

  const quantities: readonly (readonly [old: string, wanted: string])[] = [
    ["100M", "100Mi"],
    ["1000000", "1000001"],
    ["953Mi", "1G"],
    ["2Gi", "2049Mi"],
    ["1k", "1Ki"],
    ["900G", "1Ti"],
    ["1500M", "2Gi"],
  ];
  for (const [index, [old, wanted]] of quantities.entries()) {
    it(`knows that ${wanted} is more than ${old}, and not the other way round`, async () => {
      const name = `quantity-${String(index)}`;
      await createDeployment(name, old);
      const up = await increase(name, { MEMORY_LIMIT: wanted });
      assert.equal(up.tasks.get("increase")?.exitCode, 0, up.tasks.get("increase")?.log);
      const down = await increase(name, { MEMORY_LIMIT: old }, { run: "run-2" });
      assert.match(down.tasks.get("increase")?.log ?? "", /is not more than/);
    });
  }

  describe("with a Deployment of 256Mi", () => {
    before(async () => createDeployment("plain", "256Mi"));
    const refused: Readonly<Record<string, readonly [params: Record<string, string>, message: RegExp]>> = {
      "an equal limit": [{ MEMORY_LIMIT: "256Mi" }, /256Mi is not more than the 256Mi/],
      "a smaller limit": [{ MEMORY_LIMIT: "255Mi" }, /255Mi is not more than the 256Mi/],
      "a limit without a number": [{ MEMORY_LIMIT: "Gi" }, /'Gi', expected a whole number/],
      "an empty limit": [{ MEMORY_LIMIT: "" }, /'', expected a whole number/],
      "a fraction": [{ MEMORY_LIMIT: "1.5Gi" }, /expected a whole number/],
      "a negative limit": [{ MEMORY_LIMIT: "-1Gi" }, /expected a whole number/],
      "an unknown unit": [{ MEMORY_LIMIT: "1GB" }, /expected a whole number/],
      "thousandths of bytes": [{ MEMORY_LIMIT: "1000000000000m" }, /expected a whole number/],
      "a limit beyond 64 bits": [{ MEMORY_LIMIT: "99999999Ti" }, /expected a whole number/],
      "a limit with a command in it": [{ MEMORY_LIMIT: "1Gi; reboot" }, /expected a whole number/],
      "a limit that would end the JSON": [{ MEMORY_LIMIT: '1Gi"}' }, /expected a whole number/],
      "an unknown container": [{ CONTAINER: "other" }, /has no container 'other', it has: web/],
      "a rollback timeout that never ends": [{ ROLLBACK_TIMEOUT_SECONDS: "0" }, /expected 1 to 9999/],
      "another kind": [{ TARGET_RESOURCE: "payment/daemonset/plain" }, /changes Deployments only/],
    };
    for (const [sentence, [params, message]] of Object.entries(refused)) {
      it(`refuses ${sentence} with exit code 2`, async () => {
        const { tasks, results } = await increase("plain", params);
        assert.equal(tasks.get("increase")?.exitCode, 2);
        assert.match(tasks.get("increase")?.log ?? "", message);
        assert.match(results.get("outcome") ?? "", /^Nothing was changed/);
        assert.equal(await limitOf("plain"), "256Mi");
      });
    }
  });

  it("refuses a container without a limit: anything would be less", async () => {
    await createDeployment("unlimited", "");
    const { tasks } = await increase("unlimited");
    assert.equal(tasks.get("increase")?.exitCode, 2);
    assert.match(tasks.get("increase")?.log ?? "", /container web has no memory limit: there is nothing to increase/);
  });

  it("refuses to choose between several containers", async () => {
    await createDeployment("two", "256Mi");
    const patch = '{"spec": {"template": {"spec": {"containers": [{"name": "proxy", "image": "x"}]}}}}';
    await cluster.kubectl("patch", "deployment", "two", "-n", "payment", `--patch=${patch}`);
    const { tasks } = await increase("two");
    assert.equal(tasks.get("increase")?.exitCode, 2);
    assert.match(tasks.get("increase")?.log ?? "", /has several containers, set CONTAINER to one of: proxy web\n$/);
  });

  it("refuses a paused Deployment", async () => {
    await createDeployment("paused", "256Mi");
    await cluster.kubectl("rollout", "pause", "deployment/paused", "-n", "payment");
    const { tasks } = await increase("paused");
    assert.equal(tasks.get("increase")?.exitCode, 2);
    assert.match(tasks.get("increase")?.log ?? "", /is paused/);
  });
});
