import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it, type TestContext } from "node:test";
import { ConfigError } from "./config-error.ts";
import type { Config } from "./config.ts";
import { loadConfig, type ConfigSources } from "./load-config.ts";

const PASSWORD = "s3cret-Passw0rd";
const DATABASE_URL = `postgresql://audit:${PASSWORD}@db.example:5432/audit`;

function signingKey(type: "ed25519" | "x25519"): string {
  const { privateKey } = type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** A file with that text until the test ends. */
function temporaryFile(t: TestContext, text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "config-"));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const file = path.join(folder, "key.pem");
  writeFileSync(file, text);
  return file;
}
const KEY = Buffer.alloc(32, 7).toString("base64");

function load(text: string): Config {
  return loadConfig({ text, env: { DATABASE_URL } });
}

function problems(sources: ConfigSources): readonly string[] {
  try {
    loadConfig(sources);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.doesNotMatch(error.stack ?? "", new RegExp(PASSWORD), "a secret in an error");
    assert.equal(error.cause, undefined, "a cause may hold what the message hides");
    return error.problems;
  }
  return [];
}

const defaults: Config = {
  clusterID: "",
  executionNamespace: "kubernaut-workflows",
  controllerNamespace: "kubernaut-system",
  serviceAccountName: "kubernaut-workflow-runner",
  defaultTimeoutMs: 1_800_000,
  defaultMaxDelayMs: 300_000,
  cooldownPeriodMs: 300_000,
  backoff: { baseMs: 60_000, maxMs: 600_000, maxConsecutiveFailures: 5 },
  externalDeletionSettleMs: 60_000,
  stuckAfterMs: 180_000,
  retention: { completedRuns: { keepForMs: 86_400_000, keepCount: 500 } },
  workers: 8,
  kubeApi: { qps: 400, burst: 800, timeoutMs: 15_000 },
  audit: {
    settleMs: 60_000,
    mode: "relaxed",
    backlog: { maxEvents: 10_000, maxAgeMs: 900_000 },
    checkpoint: { intervalMs: 60_000 },
    shownParameters: ["TARGET_RESOURCE_NAME", "TARGET_RESOURCE_KIND", "TARGET_RESOURCE_NAMESPACE"],
  },
  health: { port: 8081, bindAddress: "0.0.0.0" },
  metrics: { port: 9090, bindAddress: "127.0.0.1" },
  log: { level: "info", format: "json" },
  databaseUrl: DATABASE_URL,
};

describe("a configuration that is right", () => {
  const accepted: readonly (readonly [string, string, Partial<Config>])[] = [
    ["has all defaults where the file is empty", "", {}],
    ["has all defaults where the file has only comments", "# nothing yet\n", {}],
    [
      "has a default for each key that a group leaves out",
      "kubeApi: {qps: 7}",
      { kubeApi: { qps: 7, burst: 800, timeoutMs: 15_000 } },
    ],
    ["has durations in milliseconds", "cooldownPeriod: 1h30m", { cooldownPeriodMs: 5_400_000 }],
    ["may switch the cooldown off", "cooldownPeriod: 0s", { cooldownPeriodMs: 0 }],
    ["may have a day as the longest timeout", "defaultTimeout: 24h", { defaultTimeoutMs: 86_400_000 }],
    ["may have the fewest workers", "workers: 1", { workers: 1 }],
    ["may have the most workers", "workers: 64", { workers: 64 }],
    [
      "may show other parameters than those of the target, or none",
      "audit: {shownParameters: [REPLICAS]}",
      { audit: { ...defaults.audit, shownParameters: ["REPLICAS"] } },
    ],
    ["may name its cluster", "clusterID: prod-eu", { clusterID: "prod-eu" }],
    [
      "may serve metrics on another loopback address",
      'metrics: {bindAddress: "::1"}',
      { metrics: { port: 9090, bindAddress: "::1" } },
    ],
    ["may listen on IPv6", 'health: {bindAddress: "::"}', { health: { port: 8081, bindAddress: "::" } }],
    [
      "may have a backoff that never grows, however it is written",
      "backoff: {base: 10m, max: 600s}",
      { backoff: { baseMs: 600_000, maxMs: 600_000, maxConsecutiveFailures: 5 } },
    ],
    [
      "may ask for any free port twice",
      "health: {port: 0}\nmetrics: {port: 0}",
      { health: { port: 0, bindAddress: "0.0.0.0" }, metrics: { port: 0, bindAddress: "127.0.0.1" } },
    ],
    [
      "may exchange the two ports",
      "health: {port: 9090}\nmetrics: {port: 8081}",
      { health: { port: 9090, bindAddress: "0.0.0.0" }, metrics: { port: 8081, bindAddress: "127.0.0.1" } },
    ],
    [
      "may be written as JSON",
      '{"log": {"level": "debug", "format": "text"}}',
      { log: { level: "debug", format: "text" } },
    ],
  ];
  for (const [sentence, text, changed] of accepted) {
    it(sentence, () => {
      assert.deepEqual(load(text), { ...defaults, ...changed });
    });
  }

  it("is frozen in all its parts", () => {
    const config = load("");
    for (const part of [config, config.kubeApi, config.audit, config.health, config.metrics, config.log]) {
      assert.ok(Object.isFrozen(part));
    }
  });

  it("shares nothing with the next one that is loaded", () => {
    assert.notEqual(load("").kubeApi, load("").kubeApi);
  });

  it("takes the kubeconfig's path from the environment", () => {
    assert.equal(loadConfig({ env: { DATABASE_URL, KUBECONFIG: "/etc/kube/config" } }).kubeconfig, "/etc/kube/config");
  });

  it("takes the pod's name from the environment, an empty one as none", () => {
    assert.equal(loadConfig({ env: { DATABASE_URL, POD_NAME: "controller-7d9f" } }).podName, "controller-7d9f");
    assert.equal("podName" in loadConfig({ env: { DATABASE_URL, POD_NAME: "" } }), false);
  });

  it("takes an empty KUBECONFIG as none", () => {
    assert.equal("kubeconfig" in loadConfig({ env: { DATABASE_URL, KUBECONFIG: "" } }), false);
  });

  it("takes a database URL with the new line of the file that it came from", () => {
    assert.equal(loadConfig({ env: { DATABASE_URL: `${DATABASE_URL}\n` } }).databaseUrl, DATABASE_URL);
  });

  it("takes the key that signs checkpoints from the file that the environment names", (t) => {
    const file = temporaryFile(t, signingKey("ed25519"));
    const { auditSigningKey } = loadConfig({ env: { DATABASE_URL, AUDIT_SIGNING_KEY_FILE: file } });
    assert.equal(auditSigningKey, readFileSync(file, "utf8"));
    assert.equal("auditSigningKey" in loadConfig({ env: { DATABASE_URL, AUDIT_SIGNING_KEY_FILE: "" } }), false);
  });

  it("takes the key for hidden parameters from the environment, however its base64 is wrapped", () => {
    const [AUDIT_HMAC_KEY, key] = [`${KEY.slice(0, 20)}\n${KEY.slice(20)}\n`, KEY];
    assert.equal(loadConfig({ env: { DATABASE_URL, AUDIT_HMAC_KEY } }).auditHmacKey, key);
  });

  it("takes an empty AUDIT_HMAC_KEY as none", () => {
    assert.equal("auditHmacKey" in loadConfig({ env: { DATABASE_URL, AUDIT_HMAC_KEY: "\n" } }), false);
  });

  it("takes a database on a Unix socket", () => {
    const url = "postgres:///audit?host=/var/run/postgresql";
    assert.equal(loadConfig({ env: { DATABASE_URL: url } }).databaseUrl, url);
  });
});

const WORKERS = "a whole number from 1 to 64";

describe("the environment", () => {
  const SIGNING_KEY_NEEDED =
    "allowed: a file with an Ed25519 private key (PKCS#8 in PEM), as `wfe audit keygen` writes it";
  const NEEDED = "allowed: postgresql://user:password@host:port/database, special characters percent-encoded";
  const KEY_NEEDED = "allowed: base64 of 32 to 64 random bytes, as openssl rand -base64 48 prints them";
  const refused: readonly (readonly [string, string | undefined, string])[] = [
    ["no DATABASE_URL", undefined, "not set"],
    ["an empty DATABASE_URL", "", "not set"],
    ["a DATABASE_URL of blanks", " \n", "not set"],
    ["another database", `mysql://audit:${PASSWORD}@db/audit`, "found something else"],
    ["no URL at all", PASSWORD, "found something else"],
    ["a password that breaks the URL", `postgresql://audit:${PASSWORD}/#@db:x/audit`, "found something else"],
  ];
  for (const [sentence, value, found] of refused) {
    it(`is refused: ${sentence}`, () => {
      assert.deepEqual(problems({ env: { DATABASE_URL: value } }), [
        `environment variable DATABASE_URL: ${found}; ${NEEDED}`,
      ]);
    });
  }

  const noSigningKeys: Readonly<Record<string, string>> = {
    "another kind of key": signingKey("x25519"),
    "a key that is cut off": signingKey("ed25519").slice(0, -30),
    "something else": PASSWORD,
  };
  for (const [sentence, text] of Object.entries(noSigningKeys)) {
    it(`is refused, and the file not repeated: an AUDIT_SIGNING_KEY_FILE with ${sentence}`, (t) => {
      const file = temporaryFile(t, text);
      assert.deepEqual(problems({ env: { DATABASE_URL, AUDIT_SIGNING_KEY_FILE: file } }), [
        `environment variable AUDIT_SIGNING_KEY_FILE: ${file}: it has something else; ${SIGNING_KEY_NEEDED}`,
      ]);
    });
  }

  const noKeys: Readonly<Record<string, string>> = {
    "31 bytes": Buffer.alloc(31, 7).toString("base64"),
    "65 bytes": Buffer.alloc(65, 7).toString("base64"),
    "base64 with another character": `${KEY.slice(0, 5)}*${KEY.slice(5)}`,
    "base64 that breaks off": KEY.slice(0, -2),
    "hexadecimal digits that are too many for a key": "0123456789abcdef".repeat(6),
    "a password": `${PASSWORD}!`,
  };
  for (const [sentence, AUDIT_HMAC_KEY] of Object.entries(noKeys)) {
    it(`is refused, and not repeated: an AUDIT_HMAC_KEY of ${sentence}`, () => {
      assert.deepEqual(problems({ env: { DATABASE_URL, AUDIT_HMAC_KEY } }), [
        `environment variable AUDIT_HMAC_KEY: found something else; ${KEY_NEEDED}`,
      ]);
    });
  }

  it("is refused with all that is wrong in it", () => {
    const lines = problems({ env: { AUDIT_SIGNING_KEY_FILE: "/no/such/key.pem", AUDIT_HMAC_KEY: PASSWORD } });
    assert.deepEqual(
      lines.map((line) => line.split(":")[0]),
      ["DATABASE_URL", "AUDIT_SIGNING_KEY_FILE", "AUDIT_HMAC_KEY"].map((name) => `environment variable ${name}`),
    );
    assert.match(lines[1] ?? "", /no\/such\/key\.pem: ENOENT/);
  });

  it("adds its errors to those of the file", () => {
    const lines = problems({ text: "workers: 0", env: {} });
    assert.deepEqual(lines, [
      `configuration:1: workers: found 0; allowed: ${WORKERS}`,
      `environment variable DATABASE_URL: not set; ${NEEDED}`,
    ]);
  });

  it("can't set what belongs into the file", () => {
    assert.equal(loadConfig({ env: { DATABASE_URL, WORKERS: "3", workers: "3" } }).workers, 8);
  });
});

describe("a configuration file", () => {
  it("is read from its path, which every error names", (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), "config-"));
    t.after(() => {
      rmSync(folder, { recursive: true });
    });
    const file = path.join(folder, "controller.yaml");
    writeFileSync(file, "\uFEFF# with a byte order mark\nworkers: 3\n");
    assert.equal(loadConfig({ file, env: { DATABASE_URL } }).workers, 3);
    writeFileSync(file, "\nworkers: 0\n");
    assert.deepEqual(problems({ file, env: { DATABASE_URL } }), [`${file}:2: workers: found 0; allowed: ${WORKERS}`]);
  });

  it("that is no YAML is refused with its name and line", () => {
    assert.deepEqual(problems({ text: "workers: 1\nworkers: 2", env: { DATABASE_URL } }), [
      "configuration:2: the key workers is written twice",
    ]);
  });

  it("that can't be read is an error like the others", () => {
    const [missing, second] = problems({ file: "no/such/file.yaml", env: {} });
    assert.match(missing ?? "", /^no\/such\/file\.yaml: can't be read: ENOENT/);
    assert.match(second ?? "", /DATABASE_URL/);
  });

  it("that is a folder is an error like the others", () => {
    assert.match(problems({ file: tmpdir(), env: { DATABASE_URL } })[0] ?? "", /can't be read: EISDIR/);
  });
});

describe("a configuration error", () => {
  it("prints all problems below one another", () => {
    const error = new ConfigError(["one", "two"]);
    assert.equal(error.message, "the configuration has 2 errors:\n  one\n  two");
  });
});
