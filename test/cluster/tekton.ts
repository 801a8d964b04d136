import type { Toolbox } from "./build.ts";
import { imageReference } from "./images.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import type { Layout } from "./layout.ts";
import type { ProcessSpec } from "./processes.ts";

export interface Tekton {
  readonly layout: Layout;
  readonly toolbox: Toolbox;
  readonly registry: string;
  readonly ports: Readonly<Record<TektonPort, number>>;
}

type Role = "controller" | "resolvers" | "webhook";

/** Each process answers about itself on three ports; the webhook serves the API server on one more. */
export type TektonPort = "webhook" | `${Role}-${"probes" | "profiling" | "metrics"}`;

export const tektonPorts = [
  "webhook",
  ...(["controller", "resolvers", "webhook"] as const).flatMap(
    (role) => [`${role}-probes`, `${role}-profiling`, `${role}-metrics`] as const,
  ),
] as const satisfies readonly TektonPort[];

const clientRate = ["-kube-api-qps", "200", "-kube-api-burst", "400"];

export function controllerSpec({ layout, toolbox, registry, ports }: Tekton): ProcessSpec {
  const images = ["entrypoint", "nop", "sidecarlogresults", "workingdirinit", "shell"];
  return {
    name: "tekton-controller",
    command: toolbox.pathOf("controller"),
    args: [
      ...["-kubeconfig", kubeconfigOf(layout, "admin"), "-disable-ha", "-threads-per-controller", "16", ...clientRate],
      ...images.flatMap((name) => [`-${name}-image`, imageReference(registry, name)]),
      ...["-shell-image-win", imageReference(registry, "shell")],
    ],
    env: {
      ...environment("controller", "tekton-pipelines", ports),
      CONFIG_LEADERELECTION_NAME: "config-leader-election-controller",
    },
    ready: readiness(ports["controller-probes"]),
  };
}

export function resolversSpec({ layout, toolbox, ports }: Tekton): ProcessSpec {
  return {
    name: "tekton-resolvers",
    command: toolbox.pathOf("resolvers"),
    args: ["-kubeconfig", kubeconfigOf(layout, "admin"), ...clientRate],
    env: {
      ...environment("resolvers", "tekton-pipelines-resolvers", ports),
      CONFIG_LEADERELECTION_NAME: "config-leader-election-resolvers",
      METRICS_DOMAIN: "tekton.dev/resolution",
    },
    ready: readiness(ports["resolvers-probes"]),
  };
}

export function webhookSpec({ layout, toolbox, ports }: Tekton): ProcessSpec {
  return {
    name: "tekton-webhook",
    command: toolbox.pathOf("webhook"),
    args: ["-kubeconfig", kubeconfigOf(layout, "admin"), "-disable-ha"],
    env: {
      ...environment("webhook", "tekton-pipelines", ports),
      CONFIG_LEADERELECTION_NAME: "config-leader-election-webhook",
      WEBHOOK_SERVICE_NAME: "tekton-pipelines-webhook",
      WEBHOOK_SECRET_NAME: "webhook-certs",
      WEBHOOK_ADMISSION_CONTROLLER_NAME: "webhook.pipeline.tekton.dev",
      WEBHOOK_PORT: String(ports.webhook),
    },
    ready: { kind: "port", host: "127.0.0.1", port: ports.webhook },
  };
}

function readiness(probes: number): ProcessSpec["ready"] {
  return { kind: "http", url: `http://127.0.0.1:${String(probes)}/readiness` };
}

/** What the Deployments that Tekton ships set for all three. */
function environment(role: Role, namespace: string, ports: Tekton["ports"]): Readonly<Record<string, string>> {
  return {
    SYSTEM_NAMESPACE: namespace,
    KUBERNETES_MIN_VERSION: "v1.28.0",
    CONFIG_LOGGING_NAME: "config-logging",
    CONFIG_OBSERVABILITY_NAME: "config-observability",
    CONFIG_DEFAULTS_NAME: "config-defaults",
    CONFIG_FEATURE_FLAGS_NAME: "feature-flags",
    CONFIG_SPIRE: "config-spire",
    METRICS_DOMAIN: "tekton.dev/pipeline",
    PROBES_PORT: String(ports[`${role}-probes`]),
    PROFILING_PORT: String(ports[`${role}-profiling`]),
    METRICS_PROMETHEUS_PORT: String(ports[`${role}-metrics`]),
  };
}
