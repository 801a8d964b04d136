import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { AuditEntry } from "../../../pkg/api/workflow-execution.ts";
import { append } from "../../../pkg/audit/append.ts";
import { auditedExecution } from "../../../pkg/audit/audited-execution.ts";
import { auditedLock } from "../../../pkg/audit/audited-lock.ts";
import type { Audited } from "../../../pkg/audit/audited.ts";
import { buildEventRow } from "../../../pkg/audit/event-row.ts";
import { anAuditedExecution, anEntry } from "../../support/audited-execution.ts";
import { aClearing, anAuditedLock, clearingFacts } from "../../support/audited-lock.ts";
import { openMigratedServer } from "./migrated-database.ts";
import type { MigratedServer, OpenDatabase } from "./migrated-database.ts";
import { openLogin, wfe, type Login } from "./wfe-process.ts";

const API = "payment/deployments.apps/api";
const WEB = "shop/deployments.apps/web";

interface Life {
  readonly uid: string;
  readonly name: string;
  readonly day: string;
  readonly target?: string;
  readonly remediation?: string;
  readonly workflowId?: string;
  readonly ending?: readonly [string, Readonly<Record<string, string>>];
}

const success = ["completed", { phase: "Completed", outcome: "Success" }] as const;
const failure = [
  "failed",
  { phase: "Failed", outcome: "Failed", failureReason: "OOMKilled", failureMessage: 'said "no", then\nstopped' },
] as const;
const cancel = ["cancelled", { phase: "Failed", outcome: "Cancelled", cancelledBy: "bob" }] as const;

const lives: readonly Life[] = [
  { uid: "u-1", name: "first", day: "2026-03-01", ending: success },
  { uid: "u-2", name: "second", day: "2026-03-02", ending: failure, remediation: "rr-oom" },
  { uid: "u-3", name: "third", day: "2026-03-03", target: WEB, ending: cancel },
  { uid: "u-4", name: "second", day: "2026-03-04", remediation: "rr-oom", workflowId: "scale" },
];

function entriesOf({ day, target = API, ending }: Life): readonly AuditEntry[] {
  const facts = { targetResource: target };
  return [
    anEntry(1, "requested", {
      at: `${day}T10:00:00Z`,
      facts: { ...facts, createdAt: `${day}T09:59:59Z`, actor: "ann" },
    }),
    anEntry(2, "started", { at: `${day}T10:00:02Z`, facts: { ...facts, startTime: `${day}T10:00:02Z` } }),
    ...(ending === undefined
      ? []
      : [
          anEntry(3, ending[0], {
            at: `${day}T10:01:32Z`,
            facts: { ...facts, startTime: `${day}T10:00:02Z`, completionTime: `${day}T10:01:32Z`, ...ending[1] },
          }),
        ]),
  ];
}

function audited({ uid, name, remediation = `rr-${uid}`, workflowId = "restart", target = API }: Life): Audited {
  return auditedExecution(
    anAuditedExecution({
      uid,
      name,
      spec: {
        remediationRequestRef: { name: remediation },
        workflowRef: { workflowId, version: "1" },
        targetResource: target,
      },
    }),
  );
}

const clearing = aClearing(1, {
  at: "2026-03-02T12:00:00Z",
  facts: { ...clearingFacts, targetResource: API, workflowId: "restart", blockedExecutionUid: "u-2" },
});

const found: Readonly<Record<string, readonly string[]>> = {
  "": ["second", "third", "second", "first"],
  "--target payment/Deployment/api": ["second", "second", "first"],
  "--target payment/deployments.apps/api": ["second", "second", "first"],
  "--target shop/": ["third"],
  "--target shop/deployments.apps/we": [],
  "--workflow scale": ["second"],
  "--remediation rr-oom": ["second", "second"],
  "--actor bob": ["third"],
  "--actor ada@example.com": ["second"],
  "--outcome failed": ["second"],
  "--phase Failed": ["third", "second"],
  "--phase running": ["second"],
  "--since 2026-03-02T10:00:00Z --until 2026-03-04T10:00:00Z": ["third", "second"],
  "--since 2026-03-05": [],
  "--limit 2": ["second", "third"],
  "--target payment/ --phase Failed --workflow restart": ["second"],
};

describe("asking the trail, as an auditor", () => {
  let server: MigratedServer;
  let database: OpenDatabase;
  let auditor: Login;
  before(async () => {
    server = await openMigratedServer();
    database = await server.open();
    auditor = await openLogin(database.url, "wfe_asker", "audit_reader");
    for (const life of lives) await record(audited(life), entriesOf(life));
    await record(auditedLock(anAuditedLock({ name: "tl-api" })), [clearing]);
  });
  after(async () => {
    await auditor.remove();
    await database.close();
    await server.close();
  });

  async function record(of: Audited, entries: readonly AuditEntry[]): Promise<void> {
    const rows = entries.map((entry) => buildEventRow(of, entry, { clusterId: "" }));
    for (const outcome of (await append(database.pool, rows)).values()) assert.equal(outcome.kind, "recorded");
  }

  async function ask(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await wfe(auditor.url, ...args);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  for (const [options, names] of Object.entries(found)) {
    it(`query ${options} gives the executions that meet it, the newest first`, async () => {
      const answer = await ask("query", ...options.split(" ").filter((word) => word !== ""), "--output", "json");
      const executions = JSON.parse(answer) as readonly { readonly name: string }[];
      assert.deepEqual(
        executions.map(({ name }) => name),
        names,
      );
    });
  }

  it("query says on standard error that there are more", async () => {
    const { stdout, stderr } = await wfe(auditor.url, "query", "--limit", "1");
    assert.equal(stdout.trimEnd().split("\n").length, 2);
    assert.equal(stderr, "only the newest 1; --limit shows more\n");
    assert.equal((await wfe(auditor.url, "query", "--limit", "4")).stderr, "");
  });

  it("query takes a text as it is, whatever is in it", async () => {
    assert.equal(await ask("query", "--workflow", "'; DROP TABLE audit.events; --", "--output", "json"), "[]\n");
  });

  it("query shows a table of what matters", async () => {
    const lines = (await ask("query", "--remediation", "rr-oom")).split("\n");
    assert.deepEqual(lines, [
      "CREATED               EXECUTION           TARGET                        WORKFLOW  PHASE    OUTCOME  TOOK      WHY",
      "2026-03-04T09:59:59Z  remediation/second  payment/deployments.apps/api  scale     Running",
      '2026-03-02T09:59:59Z  remediation/second  payment/deployments.apps/api  restart   Failed   Failed   00:01:30  OOMKilled: said "no", then stopped',
      "",
    ]);
  });

  it("query writes everything as CSV, unchanged", async () => {
    const csv = await ask("query", "--outcome", "Failed", "--output", "csv");
    const [header = "", ...rest] = csv.split("\r\n");
    assert.match(header, /^created_at,namespace,name,id,requested_by,.*,total_duration$/);
    assert.match(rest.join("\r\n"), /^2026-03-02T09:59:59\.000Z,remediation,second,u-2,ann,rr-oom,/);
    assert.ok(rest.join("\r\n").includes(',OOMKilled,"said ""no"", then\nstopped",,'));
    assert.ok(rest.join("\r\n").endsWith(",00:01:30\r\n"));
  });

  it("trace tells a life in its order, with the clearing of its block on the lock, and the other attempts", async () => {
    assert.equal(
      await ask("trace", "u-2"),
      [
        "remediation/second (uid u-2)",
        "  restart 1 on payment/deployments.apps/api, for rr-oom",
        "",
        "WHEN                  WHAT                          OUTCOME  WHY                      WHO              SEQ",
        "2026-03-02T10:00:00Z  requested                     success                           ann              4",
        "    createdAt: 2026-03-02T09:59:59Z",
        "2026-03-02T10:00:02Z  started                       success                                            5",
        "    startTime: 2026-03-02T10:00:02Z",
        "2026-03-02T10:01:32Z  failed                        success                                            6",
        "    completionTime: 2026-03-02T10:01:32Z",
        '    failureMessage: said "no", then stopped',
        "    failureReason: OOMKilled",
        "    outcome: Failed",
        "    phase: Failed",
        "2026-03-02T12:00:00Z  block.cleared on lock tl-api  success  PreviousExecutionFailed  ada@example.com  12",
        "    blockReason: PreviousExecutionFailed",
        "    blockedExecution: remediation/restart-checkout",
        "    blockedExecutionUid: u-2",
        "    blockedSince: 2026-03-01T10:01:32Z",
        "    clearMethod: TargetLockAnnotation",
        "    clearReason: the node was replaced",
        "    workflowId: restart",
        "",
        "For the same remediation:",
        "CREATED               EXECUTION           PHASE    OUTCOME  WHY  UID",
        "2026-03-04T09:59:59Z  remediation/second  Running                u-4",
        "",
      ].join("\n"),
    );
  });

  it("trace doesn't give a life the clearing of another one's block", async () => {
    assert.doesNotMatch(await ask("trace", "u-1"), /cleared/);
  });

  it("trace shows the newest that had a name, and says that there were others", async () => {
    const { stdout, stderr } = await wfe(auditor.url, "trace", "remediation/second");
    assert.match(stdout, /^remediation\/second \(uid u-4\)/);
    assert.match(stderr, /^2 executions had the name remediation\/second; this is the newest, --all shows all$/m);
    const all = await ask("trace", "remediation/second", "--all", "--output", "json");
    const stories = JSON.parse(all) as readonly { readonly uid: string; readonly events: readonly { seq: number }[] }[];
    assert.deepEqual(
      stories.map(({ uid, events }) => [uid, events.map(({ seq }) => seq)]),
      [
        ["u-4", [10, 11]],
        ["u-2", [4, 5, 6, 12]],
      ],
    );
  });

  it("trace says that nothing is on record", async () => {
    const { code, stdout, stderr } = await wfe(auditor.url, "trace", "remediation/none");
    assert.deepEqual([code, stdout, stderr], [1, "", "wfe: nothing is on record of remediation/none\n"]);
  });
});
