/**
 * What the controller was told to do: checked, complete and frozen. Names are those of config/controller.yaml; every
 * duration is in milliseconds and says so. docs/configuration.md explains each key.
 */
export interface Config {
  /** Cluster that this controller works for; "" where the installation has only one. */
  readonly clusterID: string;
  readonly executionNamespace: string;
  /** Where the controller keeps what is its own. */
  readonly controllerNamespace: string;
  readonly serviceAccountName: string;
  readonly defaultTimeoutMs: number;
  readonly defaultMaxDelayMs: number;
  readonly cooldownPeriodMs: number;
  readonly backoff: BackoffConfig;
  readonly externalDeletionSettleMs: number;
  readonly stuckAfterMs: number;
  readonly retention: { readonly completedRuns: { readonly keepForMs: number; readonly keepCount: number } };
  readonly workers: number;
  readonly kubeApi: KubeApiConfig;
  readonly audit: AuditConfig;
  readonly health: ListenConfig;
  readonly metrics: ListenConfig;
  readonly log: LogConfig;
  /** PostgreSQL connection URL, with its password: for the database pool only. */
  readonly databaseUrl: string;
  /** Ed25519 private key (PKCS#8 in PEM) that signs audit checkpoints; without one they are not signed. */
  readonly auditSigningKey?: string;
  /** Base64 of the key by which hidden parameters are hashed; without one they are written down as `redacted`. */
  readonly auditHmacKey?: string;
  /** Path of a kubeconfig, as in the environment variable KUBECONFIG. */
  readonly kubeconfig?: string;
  /** Name of the controller's own pod, as in the environment variable POD_NAME. */
  readonly podName?: string;
}

interface BackoffConfig {
  readonly baseMs: number;
  /** Not less than baseMs. */
  readonly maxMs: number;
  readonly maxConsecutiveFailures: number;
}

interface KubeApiConfig {
  /** Requests a second, in the long run. */
  readonly qps: number;
  /** Requests at once, before qps limits them. */
  readonly burst: number;
  readonly timeoutMs: number;
}

interface AuditConfig {
  readonly settleMs: number;
  readonly mode: "relaxed" | "strict";
  /** More than this, or older, and no further execution takes its target. */
  readonly backlog: { readonly maxEvents: number; readonly maxAgeMs: number };
  readonly checkpoint: { readonly intervalMs: number };
  /** Names of parameters whose values may be seen. */
  readonly shownParameters: readonly string[];
}

interface ListenConfig {
  /** 0: any free port. */
  readonly port: number;
  readonly bindAddress: string;
}

interface LogConfig {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly format: "json" | "text";
}
