/**
 * Who may import whom (docs/architecture.md). Each room of pkg/ has a list of the rooms that it may import; whatever is
 * not on it is an error. test/checks/boundaries.test.ts proves that every rule bites.
 */
const rooms = {
  api: [],
  lock: ["api"],
  tekton: ["api"],
  execution: ["api", "lock", "tekton"],
  runtime: [],
  audit: ["api"],
  controller: ["execution", "lock", "tekton", "api", "runtime"],
  kube: ["api", "runtime"],
  bundle: [],
  config: [],
  telemetry: [],
};

/** Rooms whose types only may be imported besides: the ports of the controller. */
const portUsers = ["audit", "kube"];

const pure = "^pkg/(api|lock|tekton|execution)/";
const tests = "\\.test\\.ts$|/testing/|/testdata/";

function roomRule(room, allowed) {
  const open = [room, ...allowed].join("|");
  const ports = portUsers.includes(room) ? "|^pkg/controller/ports\\.ts$" : "";
  return {
    name: `room-${room}`,
    comment: `pkg/${room} may import only: ${allowed.join(", ") || "nothing else in pkg"}`,
    severity: "error",
    from: { path: `^pkg/${room}/`, pathNot: tests },
    to: { path: "^(pkg|cmd|test)/", pathNot: `^pkg/(${open})/${ports}` },
  };
}

/** An npm package has one importer. */
function onlyImporter(name, packages, room) {
  return {
    name,
    comment: `only ${room} imports ${packages}`,
    severity: "error",
    from: { path: "^(pkg|cmd)/", pathNot: `${room}|${tests}` },
    to: { path: `^node_modules/(${packages})/` },
  };
}

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => roomRule(room, allowed)),
    {
      name: "ports-are-types",
      comment: "adapters import the controller's ports as types only",
      severity: "error",
      from: { path: `^pkg/(${portUsers.join("|")})/` },
      to: { path: "^pkg/controller/ports\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "pure-no-node",
      comment: "the pure rooms import nothing of Node; api/sha256.ts alone may use node:crypto",
      severity: "error",
      from: { path: pure, pathNot: `${tests}|^pkg/api/sha256\\.ts$` },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "sha256-only-crypto",
      comment: "api/sha256.ts uses node:crypto and nothing else of Node",
      severity: "error",
      from: { path: "^pkg/api/sha256\\.ts$" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    {
      name: "pure-no-npm",
      comment: "the pure rooms import no npm package",
      severity: "error",
      from: { path: pure, pathNot: tests },
      to: { path: "node_modules" },
    },
    {
      name: "runtime-only-timers-and-events",
      comment: "runtime uses nothing of Node but timers, events and what they need",
      severity: "error",
      from: { path: "^pkg/runtime/", pathNot: tests },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(timers|timers/promises|events|perf_hooks)$" },
    },
    {
      name: "runtime-no-npm",
      comment: "runtime imports no npm package",
      severity: "error",
      from: { path: "^pkg/runtime/", pathNot: tests },
      to: { path: "node_modules" },
    },
    onlyImporter("pg-in-audit", "pg", "^pkg/audit/"),
    onlyImporter("kubernetes-client-in-kube", "@kubernetes/client-node|undici", "^pkg/kube/"),
    onlyImporter("pino-and-prom-client-in-telemetry", "pino|prom-client", "^pkg/telemetry/"),
    onlyImporter("ajv-in-config", "ajv|ajv-formats", "^pkg/config/"),
    {
      name: "nobody-imports-cmd",
      comment: "commands are composition roots",
      severity: "error",
      from: { path: "^(pkg|test)/", pathNot: "^test/" },
      to: { path: "^cmd/" },
    },
    {
      name: "no-test-in-product",
      comment: "the product doesn't import its tests",
      severity: "error",
      from: { path: "^(pkg|cmd)/", pathNot: tests },
      to: { path: "^test/|\\.test\\.ts$|/testing/" },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "not-to-dev-dependency",
      comment: "the product runs without dev dependencies",
      severity: "error",
      from: { path: "^(pkg|cmd)/", pathNot: tests },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
