import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { aKind, aKindCatalog } from "../../test/support/builders/a-kind-catalog.ts";
import type { KindCatalog, ServedKind } from "../api/kinds.ts";
import { canonicalTarget, namesKind, qualifiedPlural } from "./canonical-target.ts";
import { lockName } from "./lock-name.ts";

function textOf(target: string, catalog = aKindCatalog()): string {
  const found = canonicalTarget(target, catalog);
  return found.type === "canonical" ? found.text : found.type;
}

const SPELLINGS: Readonly<Record<string, readonly [written: string, canonical: string]>> = {
  "a kind": ["payment/Deployment/checkout", "payment/deployments.apps/checkout"],
  "a kind in lower case": ["payment/deployment/checkout", "payment/deployments.apps/checkout"],
  "a plural": ["payment/deployments/checkout", "payment/deployments.apps/checkout"],
  "a short name": ["payment/deploy/checkout", "payment/deployments.apps/checkout"],
  "a plural with its group": ["payment/deployments.apps/checkout", "payment/deployments.apps/checkout"],
  "a kind with its group, in capitals": ["payment/DEPLOYMENT.APPS/checkout", "payment/deployments.apps/checkout"],
  "a kind of the core group": ["payment/Pod/checkout-0", "payment/pods/checkout-0"],
  "a cluster-scoped kind": ["Node/worker-1", "nodes/worker-1"],
  "a kind that is served under two groups": ["payment/Event/x", "payment/events/x"],
  "the same kind by its newer group": ["payment/events.events.k8s.io/x", "payment/events/x"],
  "a name with capitals, as RBAC allows": ["Node/system:Worker", "nodes/system:Worker"],
};

describe("the canonical form of a target", () => {
  for (const [sentence, [written, canonical]] of Object.entries(SPELLINGS)) {
    it(`is the same for ${sentence}`, () => {
      assert.equal(textOf(written), canonical);
    });
  }

  const refused: Readonly<Record<string, readonly [written: string, message: RegExp]>> = {
    "a kind that isn't served": ["payment/Rollout/checkout", /kind "Rollout" is not served/],
    "a kind that isn't in that group": ["payment/deployments.batch/checkout", /not served/],
    "a namespaced kind without a namespace": [
      "Deployment/checkout",
      /namespaced: write namespace\/Deployment\/checkout/,
    ],
    "a cluster-scoped kind with a namespace": ["payment/Node/worker-1", /cluster-scoped: write Node\/worker-1/],
    "too few parts": ["checkout", /neither/],
    "too many parts": ["a/b/c/d", /neither/],
    "an empty namespace": ["/Deployment/checkout", /neither/],
    "an empty name": ["payment/Deployment/", /neither/],
  };
  for (const [sentence, [written, message]] of Object.entries(refused)) {
    it(`doesn't exist for ${sentence}`, () => {
      const found = canonicalTarget(written, aKindCatalog());
      assert.equal(found.type, "invalid");
      assert.match(found.message, message);
    });
  }

  it("means the built-in kind where a CRD has one of the same name", () => {
    const catalog = aKindCatalog([aKind("Deployment", "evil.example")]);
    assert.equal(textOf("payment/Deployment/checkout", catalog), "payment/deployments.apps/checkout");
    assert.equal(textOf("payment/deployment.evil.example/x", catalog), "payment/deployments.evil.example/x");
  });

  it("needs the group where two CRDs have the kind, and says which there are", () => {
    const catalog = aKindCatalog([aKind("Rollout", "b.example"), aKind("Rollout", "a.example")]);
    const found = canonicalTarget("payment/Rollout/x", catalog);
    assert.equal(found.type, "invalid");
    assert.match(found.message, /write one of rollouts\.a\.example, rollouts\.b\.example/);
    assert.equal(textOf("payment/rollout.a.example/x", catalog), "payment/rollouts.a.example/x");
  });

  it("takes a kind that discovery lists once for each version as one", () => {
    const catalog = aKindCatalog([aKind("Rollout", "a.example"), aKind("Rollout", "a.example")]);
    assert.equal(textOf("payment/Rollout/x", catalog), "payment/rollouts.a.example/x");
  });

  const partial = aKindCatalog([aKind("Rollout", "a.example")], false);
  const undecided: Readonly<Record<string, readonly [written: string, outcome: string]>> = {
    "is undecided for an unknown kind": ["payment/Unknown/x", "undecided"],
    "is undecided for a CRD without its group: another group may have it too": ["payment/Rollout/x", "undecided"],
    "is decided for a CRD with its group": ["payment/rollouts.a.example/x", "payment/rollouts.a.example/x"],
    "is decided for a built-in kind": ["payment/Deployment/x", "payment/deployments.apps/x"],
  };
  for (const [sentence, [written, outcome]] of Object.entries(undecided)) {
    it(`${sentence}, where discovery was partial`, () => {
      assert.equal(textOf(written, partial), outcome);
    });
  }
});

const CATALOG: KindCatalog = aKindCatalog([
  aKind("Rollout", "a.example"),
  aKind("Widget", "a.example", { namespaced: false }),
]);

interface Named {
  readonly kind: ServedKind;
  readonly namespace: string;
  readonly name: string;
  readonly text: string;
}

/** An object in one of the spellings that people use. */
function anyNamed(): fc.Arbitrary<Named> {
  const word = fc.constantFrom("a", "b", "a-b", "a.b", "payment");
  return fc
    .tuple(fc.constantFrom(...CATALOG.kinds), word, word, fc.nat(5), fc.boolean())
    .map(([kind, namespace, name, spelling, capitals]) => {
      const group = kind.group === "" ? "" : `.${kind.group}`;
      const { plural, singular, shortNames } = kind;
      const spellings = [kind.kind, plural, singular, plural + group, kind.kind + group, shortNames[0] ?? plural];
      const written = spellings[spelling] ?? plural;
      const text = `${capitals ? written.toUpperCase() : written}/${name}`;
      return { kind, namespace, name, text: kind.namespaced ? `${namespace}/${text}` : text };
    });
}

function isSameObject(a: Named, b: Named): boolean {
  const isSameKind = qualifiedPlural(a.kind) === qualifiedPlural(b.kind);
  return isSameKind && a.name === b.name && (!a.kind.namespaced || a.namespace === b.namespace);
}

describe("the name of a lock", () => {
  it("is the same for two targets if and only if they are the same object", () => {
    fc.assert(
      fc.property(anyNamed(), anyNamed(), (a, b) => {
        assert.equal(lockName(textOf(a.text, CATALOG)) === lockName(textOf(b.text, CATALOG)), isSameObject(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it("doesn't depend on the order of discovery", () => {
    fc.assert(
      fc.property(
        anyNamed(),
        fc.shuffledSubarray([...CATALOG.kinds], { minLength: CATALOG.kinds.length }),
        (a, kinds) => {
          assert.equal(textOf(a.text, { kinds, complete: true }), textOf(a.text, CATALOG));
        },
      ),
    );
  });
});

describe("a parameter that names the kind of the target", () => {
  const deployment = aKind("Deployment", "apps", { shortNames: ["deploy"] });
  for (const text of ["Deployment", "deployments", "deploy", "Deployments.Apps"]) {
    it(`names it as ${text}`, () => {
      assert.ok(namesKind(deployment, text));
    });
  }
  it("doesn't name it as another kind", () => {
    assert.ok(!namesKind(deployment, "StatefulSet"));
  });
});
