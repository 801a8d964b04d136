import {
  dnsLabel,
  duration,
  integer,
  ipAddress,
  loopbackAddress,
  oneOf,
  parameterNames,
  text,
  type Value,
} from "./setting.ts";

/**
 * Every key of config/controller.yaml, in its order: what it means, its default, what is allowed. The JSON Schema, the
 * type of the file, the defaults and the rows of docs/configuration.md all come from here (api.md section 4).
 */
export const settings = {
  clusterID: text({
    default: "",
    maxLength: 253,
    description:
      "Name of the cluster that this controller works for. An execution whose `spec.clusterID` is set to another one " +
      "fails with UnsupportedCluster before anything runs.",
  }),
  executionNamespace: dnsLabel({
    default: "kubernaut-workflows",
    description: "Namespace in which PipelineRuns are created.",
  }),
  controllerNamespace: dnsLabel({
    default: "kubernaut-system",
    description:
      "Namespace of the controller, in which it keeps the checkpoints of the audit trail (ConfigMap " +
      "`workflow-execution-audit-checkpoint`).",
  }),
  serviceAccountName: dnsLabel({
    default: "kubernaut-workflow-runner",
    description: "Service account of a run whose execution names none.",
  }),
  defaultTimeout: duration({
    default: "30m",
    min: "1ms",
    max: "24h",
    description: "Time for the whole run where the execution says nothing else (`executionConfig.timeout`).",
  }),
  defaultMaxDelay: duration({
    default: "5m",
    min: "1ms",
    max: "24h",
    description:
      "Longest time from the creation of an execution to its start where it says nothing else " +
      "(`executionConfig.maxDelay`). Later it fails with DeadlineExceeded: a remediation that old acts on an old diagnosis.",
  }),
  cooldownPeriod: duration({
    default: "5m",
    min: "0s",
    max: "168h",
    description: "After a completed execution, the same workflow doesn't run again on the same target for this long.",
  }),
  backoff: {
    base: duration({
      default: "1m",
      min: "1s",
      max: "24h",
      description:
        "After the first failure before execution (nothing of the workflow ran): how long the same workflow is not tried " +
        "again on the same target. It doubles with each such failure in a row.",
    }),
    max: duration({
      default: "10m",
      min: "1s",
      max: "168h",
      description: "Longest backoff after failures before execution.",
    }),
    maxConsecutiveFailures: integer({
      default: 5,
      min: 1,
      max: 100,
      description:
        "After so many failures before execution in a row the workflow is blocked on the target (ExhaustedRetries) until " +
        "someone clears it.",
    }),
  },
  externalDeletionSettle: duration({
    default: "60s",
    min: "0s",
    max: "1h",
    description:
      "How long a target stays locked after somebody else deleted its started PipelineRun and the last pod of it is gone.",
  }),
  stuckAfter: duration({
    default: "3m",
    min: "1s",
    max: "24h",
    description:
      "A started run of which nothing has moved for this long, and of which no step is running, is reported as stuck " +
      "(condition `Stuck`). A reason that the pod or Tekton gives (image pull, unschedulable, quota) is reported at once.",
  }),
  retention: {
    completedRuns: {
      keepFor: duration({
        default: "24h",
        min: "0s",
        max: "168h",
        description:
          "How long a finished PipelineRun is kept, with its pods and their logs, after its execution has ended. It is never " +
          "deleted before the execution's audit events are committed.",
      }),
      keepCount: integer({
        default: 500,
        min: 0,
        max: 5_000,
        description: "How many finished PipelineRuns are kept at most; the oldest go first.",
      }),
    },
  },
  workers: integer({ default: 8, min: 1, max: 64, description: "Executions and locks that are worked on at once." }),
  kubeApi: {
    qps: integer({
      default: 400,
      min: 1,
      max: 10_000,
      description: "Requests a second to the Kubernetes API, in the long run.",
    }),
    burst: integer({
      default: 800,
      min: 1,
      max: 10_000,
      description: "Requests to the Kubernetes API at once, before `kubeApi.qps` limits them.",
    }),
    timeout: duration({
      default: "15s",
      min: "100ms",
      max: "1m",
      description: "Longest time for one request to the Kubernetes API (watches end by rules of their own).",
    }),
  },
  audit: {
    settle: duration({
      default: "60s",
      min: "0s",
      max: "1h",
      description:
        "How long a deleted execution is kept after PostgreSQL acknowledged its last event: a database that fails over " +
        "asynchronously can lose what it has acknowledged.",
    }),
    mode: oneOf({
      default: "relaxed",
      values: ["relaxed", "strict"],
      description:
        "`relaxed`: a run may start once the event of its start is in the execution's status, in etcd. `strict`: only once " +
        "PostgreSQL has committed it.",
    }),
    backlog: {
      maxEvents: integer({
        default: 10_000,
        min: 1,
        max: 1_000_000,
        description:
          "While more audit events than this wait for PostgreSQL, no further execution takes its target: it stays Pending " +
          "(reason `AuditBacklog`), in both modes.",
      }),
      maxAge: duration({
        default: "15m",
        min: "1s",
        max: "168h",
        description: "The same while one of them has waited for longer than this.",
      }),
    },
    checkpoint: {
      interval: duration({
        default: "1m",
        min: "1s",
        max: "1h",
        description:
          "How often the end of the audit trail is signed and kept outside of the database, where it has moved. Rows that are " +
          "younger are protected by the receipts in their executions only.",
      }),
    },
    shownParameters: parameterNames({
      default: ["TARGET_RESOURCE_NAME", "TARGET_RESOURCE_KIND", "TARGET_RESOURCE_NAMESPACE"],
      description:
        "Parameters of workflows whose values may be seen in the audit trail, in statuses, events and logs. The values of " +
        "all others are hidden there.",
    }),
  },
  health: {
    port: integer({
      default: 8081,
      min: 0,
      max: 65_535,
      description: "Port of `/health` and `/ready`, without authentication. 0: any free port.",
    }),
    bindAddress: ipAddress({ default: "0.0.0.0", description: "Address on which the health server listens." }),
  },
  metrics: {
    port: integer({
      default: 9090,
      min: 0,
      max: 65_535,
      description: "Port of `/metrics`. 0: any free port.",
    }),
    bindAddress: loopbackAddress({
      default: "127.0.0.1",
      description:
        "Address on which the metrics server listens. It asks nobody who they are, so only the pod itself may reach it.",
    }),
  },
  log: {
    level: oneOf({
      default: "info",
      values: ["debug", "info", "warn", "error"],
      description: "Least severe level that is written.",
    }),
    format: oneOf({
      default: "json",
      values: ["json", "text"],
      description: "One JSON object a line, or text for people.",
    }),
  },
};

/** The file as it is after its check: every key is there, durations are still text. */
export type SettingsFile = Value<typeof settings>;
