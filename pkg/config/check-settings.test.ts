import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConfigError } from "./config-error.ts";
import { loadConfig } from "./load-config.ts";

const DATABASE_URL = "postgresql://audit:s3cret-Passw0rd@db.example:5432/audit";

function problems(text: string): readonly string[] {
  try {
    loadConfig({ text, env: { DATABASE_URL } });
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
  return [];
}

const GROUPS =
  "a mapping with the keys clusterID, executionNamespace, controllerNamespace, serviceAccountName, defaultTimeout, defaultMaxDelay, " +
  "cooldownPeriod, backoff, externalDeletionSettle, stuckAfter, retention, workers, kubeApi, audit, health, metrics, log";
const LABEL = "a DNS label: 1 to 63 of a-z, 0-9 and -, not first or last";
const WORKERS = "a whole number from 1 to 64";
const UP_TO_A_DAY = 'a duration from 1ms to 24h, such as "1h30m"';
const NAMES = "a list of different parameter names: A-Z, then A-Z, 0-9 and _, at most 128 characters each";
const UP_TO_AN_HOUR = 'a duration from 0s to 1h, such as "1h30m"';
const PORT = "a whole number from 0 to 65535";
const LOOPBACK = "a loopback address: 127.0.0.0/8 or ::1";

describe("a configuration file", () => {
  const refused: readonly (readonly [string, string, readonly string[]])[] = [
    ["an unknown key", "worker: 8", [`:1: worker: unknown key; allowed: ${GROUPS}`]],
    [
      "an unknown key in a group",
      "kubeApi:\n  qps: 1\n  qsp: 2",
      [":3: kubeApi.qsp: unknown key; allowed: a mapping with the keys qps, burst, timeout"],
    ],
    [
      "a key of a later version",
      "leaderElection: {enabled: true}",
      [`:1: leaderElection: unknown key; allowed: ${GROUPS}`],
    ],
    ["a key that every object has", "constructor: 1", [`:1: constructor: unknown key; allowed: ${GROUPS}`]],
    ["the key __proto__", "__proto__: {workers: 1}", [`:1: __proto__: unknown key; allowed: ${GROUPS}`]],
    ["YAML's merge key", "<<: {workers: 3}", [`:1: <<: unknown key; allowed: ${GROUPS}`]],
    [
      "a secret in the file, without showing it",
      `databaseUrl: ${DATABASE_URL}`,
      [`:1: databaseUrl: unknown key; allowed: ${GROUPS}`],
    ],
    [
      "a secret at a wrong key, without showing it",
      `workers: ${DATABASE_URL}`,
      [`:1: workers: found a URL; allowed: ${WORKERS}`],
    ],
    ["a list instead of the whole", "- workers", [`: found a list; allowed: ${GROUPS}`]],
    ["text instead of the whole", "workers", [`: found "workers"; allowed: ${GROUPS}`]],
    [
      "a number instead of a group",
      "health: 8081",
      [":1: health: found 8081; allowed: a mapping with the keys port, bindAddress"],
    ],
    ["a group without anything", "log:", [":1: log: found nothing; allowed: a mapping with the keys level, format"]],
    ["a group instead of a number", "workers: {max: 3}", [`:1: workers: found a mapping; allowed: ${WORKERS}`]],
    ["text instead of a number", 'workers: "8"', [`:1: workers: found "8"; allowed: ${WORKERS}`]],
    ["too few workers", "workers: 0", [`:1: workers: found 0; allowed: ${WORKERS}`]],
    ["too many workers", "workers: 65", [`:1: workers: found 65; allowed: ${WORKERS}`]],
    ["a broken number of workers", "workers: 1.5", [`:1: workers: found 1.5; allowed: ${WORKERS}`]],
    ["endlessly many workers", "workers: .inf", [`:1: workers: found Infinity; allowed: ${WORKERS}`]],
    [
      "no requests a second",
      "kubeApi: {qps: 0}",
      [":1: kubeApi.qps: found 0; allowed: a whole number from 1 to 10000"],
    ],
    [
      "a burst of nothing",
      "kubeApi: {burst: 0}",
      [":1: kubeApi.burst: found 0; allowed: a whole number from 1 to 10000"],
    ],
    [
      "requests without a time limit",
      "kubeApi: {timeout: 0s}",
      [':1: kubeApi.timeout: found "0s"; allowed: a duration from 100ms to 1m, such as "1h30m"'],
    ],
    ["no timeout", "defaultTimeout: 0s", [`:1: defaultTimeout: found "0s"; allowed: ${UP_TO_A_DAY}`]],
    [
      "a timeout of more than a day",
      "defaultTimeout: 24h1ms",
      [`:1: defaultTimeout: found "24h1ms"; allowed: ${UP_TO_A_DAY}`],
    ],
    ["a duration without unit", "defaultMaxDelay: 5", [`:1: defaultMaxDelay: found 5; allowed: ${UP_TO_A_DAY}`]],
    [
      "a negative cooldown",
      "cooldownPeriod: -5m",
      [':1: cooldownPeriod: found "-5m"; allowed: a duration from 0s to 168h, such as "1h30m"'],
    ],
    ["a settle time in words", "audit: {settle: soon}", [`:1: audit.settle: found "soon"; allowed: ${UP_TO_AN_HOUR}`]],
    [
      "names of parameters that no parameter can have",
      "audit:\n  shownParameters:\n    - REPLICAS\n    - api-token",
      [`:2: audit.shownParameters.1: found "api-token"; allowed: ${NAMES}`],
    ],
    ["a parameter alone", "audit: {shownParameters: A}", [`:1: audit.shownParameters: found "A"; allowed: ${NAMES}`]],
    [
      "a parameter that is shown twice",
      "audit: {shownParameters: [A, A]}",
      [`:1: audit.shownParameters: found a list; allowed: ${NAMES}`],
    ],
    [
      "an endless settle time",
      "externalDeletionSettle: 2h",
      [`:1: externalDeletionSettle: found "2h"; allowed: ${UP_TO_AN_HOUR}`],
    ],
    [
      "a namespace in capitals",
      "executionNamespace: Workflows",
      [`:1: executionNamespace: found "Workflows"; allowed: ${LABEL}`],
    ],
    ["no service account", 'serviceAccountName: ""', [`:1: serviceAccountName: found ""; allowed: ${LABEL}`]],
    [
      "a name that is far too long, without repeating it",
      `executionNamespace: ${"x".repeat(300)}`,
      [`:1: executionNamespace: found 300 characters of text; allowed: ${LABEL}`],
    ],
    ["a port that doesn't exist", "health: {port: 65536}", [`:1: health.port: found 65536; allowed: ${PORT}`]],
    [
      "a host name to listen on",
      "health: {bindAddress: localhost}",
      [':1: health.bindAddress: found "localhost"; allowed: an IPv4 or IPv6 address'],
    ],
    [
      "metrics for everybody",
      "metrics: {bindAddress: 0.0.0.0}",
      [`:1: metrics.bindAddress: found "0.0.0.0"; allowed: ${LOOPBACK}`],
    ],
    [
      "metrics for everybody on IPv6",
      'metrics: {bindAddress: "::"}',
      [`:1: metrics.bindAddress: found "::"; allowed: ${LOOPBACK}`],
    ],
    [
      "an address that only begins like loopback",
      "metrics: {bindAddress: 127.0.0.1.example.com}",
      [`:1: metrics.bindAddress: found "127.0.0.1.example.com"; allowed: ${LOOPBACK}`],
    ],
    [
      "an unknown log level",
      "log: {level: trace}",
      [':1: log.level: found "trace"; allowed: one of debug, info, warn, error'],
    ],
    ["an unknown log format", "log: {format: xml}", [':1: log.format: found "xml"; allowed: one of json, text']],
    [
      "two servers on one port",
      "metrics:\n  port: 1234\nhealth:\n  port: 1234",
      [":2: metrics.port: found 1234, which is health.port too; allowed: two different ports"],
    ],
    [
      "a server on the other's default port",
      "health: {port: 9090}",
      [": metrics.port: found 9090, which is health.port too; allowed: two different ports"],
    ],
    [
      "a backoff that would shrink",
      "backoff:\n  max: 59s\n  base: 1m",
      [":2: backoff.max: found 59s, which is less than backoff.base; allowed: at least 1m"],
    ],
    [
      "a longest backoff under the first one's default",
      "backoff: {max: 1s}",
      [":1: backoff.max: found 1s, which is less than backoff.base; allowed: at least 1m"],
    ],
    [
      "a first backoff over the longest one's default",
      "backoff: {base: 11m}",
      [":1: backoff.max: found 10m, which is less than backoff.base; allowed: at least 11m"],
    ],
    [
      "a first backoff that is too long by itself, without a word about the longest one",
      "backoff: {base: 25h}",
      [':1: backoff.base: found "25h"; allowed: a duration from 1s to 24h, such as "1h30m"'],
    ],
    [
      "all errors at once, in the order of the file",
      "workers: 0\nmetrics: {port: 8081}\nlog: {level: loud}\nunheard: of",
      [
        `:1: workers: found 0; allowed: ${WORKERS}`,
        ":2: metrics.port: found 8081, which is health.port too; allowed: two different ports",
        ':3: log.level: found "loud"; allowed: one of debug, info, warn, error',
        `:4: unheard: unknown key; allowed: ${GROUPS}`,
      ],
    ],
    [
      "one error a key",
      'metrics: {port: "8081"}\nhealth: 5',
      [
        `:1: metrics.port: found "8081"; allowed: ${PORT}`,
        ":2: health: found 5; allowed: a mapping with the keys port, bindAddress",
      ],
    ],
  ];
  for (const [sentence, text, expected] of refused) {
    it(`is refused: ${sentence}`, () => {
      assert.deepEqual(
        problems(text),
        expected.map((line) => `configuration${line}`),
      );
    });
  }
});
