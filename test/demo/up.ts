import { startPlatform } from "./platform.ts";
import { say } from "./say.ts";

const { bundles } = await startPlatform();
say();
say("Everything runs. What you can do now:");
say("  export KUBECONFIG=.cluster/kubeconfig");
say("  .cluster/kubectl get workflowexecutions --all-namespaces --watch");
say("  .cluster/kubectl explain workflowexecution.spec");
say("  make demo     a broken workload, healed by a real run");
say("  make down     stops everything; nothing is left");
say();
say("Workflows in the registry, for spec.workflowRef.containerImage:");
for (const reference of Object.values(bundles)) say(`  ${reference}`);
say("Logs: .cluster/logs/");
process.exit(0);
