import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCommandLine } from "../command-line.ts";
import type { Command } from "../command-line.ts";
import { UsageError } from "../usage-error.ts";

const hash = "0123456789abcdef".repeat(4);
const verify = { group: "audit", name: "verify", anchors: [], checkpoints: [], publicKeys: [] } as const;

const good: Readonly<Record<string, Command>> = {
  "audit verify": verify,
  [`audit verify --anchor 7:${hash}`]: { ...verify, anchors: [{ seq: 7, hash }] },
  "audit verify --checkpoint a --public-key k --checkpoint b --public-key l": {
    ...{ ...verify, checkpoints: ["a", "b"], publicKeys: ["k", "l"] },
  },
  "audit verify --cluster": { ...verify, cluster: { namespace: "kubernaut-system" } },
  "audit verify --cluster --kubeconfig k --namespace mine": {
    ...{ ...verify, cluster: { namespace: "mine", kubeconfig: "k" } },
  },
  "audit keygen audit.pem": { group: "audit-keys", name: "keygen", file: "audit.pem" },
  "audit public-key audit.pem": { group: "audit-keys", name: "public-key", file: "audit.pem" },
};

const bad: Readonly<Record<string, RegExp>> = {
  "audit verify --anchor 7": /^--anchor 7: expected SEQ:HASH/,
  "audit verify now": /^wfe audit verify takes no operands$/,
  "audit verify --kubeconfig k": /^--kubeconfig and --namespace say where to look with --cluster$/,
  "audit verify --namespace n": /^--kubeconfig and --namespace say where to look with --cluster$/,
  "audit keygen": /^wfe audit keygen takes the file of a private key$/,
  "audit keygen a b": /^wfe audit keygen takes the file of a private key$/,
  "audit public-key": /^wfe audit public-key takes the file of a private key$/,
};

describe("wfe audit verify, keygen and public-key", () => {
  for (const [line, command] of Object.entries(good)) {
    it(`understands "wfe ${line}"`, () => {
      assert.deepEqual(parseCommandLine(line.split(" ")), command);
    });
  }
  for (const [line, message] of Object.entries(bad)) {
    it(`refuses "wfe ${line}"`, () => {
      assert.throws(
        () => parseCommandLine(line.split(" ")),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
