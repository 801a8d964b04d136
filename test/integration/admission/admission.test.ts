import { useCluster } from "./cluster-context.ts";
import { testLocks } from "./lock-suite.ts";
import { testPermissions } from "./permissions-suite.ts";
import { testPresentation } from "./presentation-suite.ts";
import { testSpecs } from "./spec-suite.ts";
import { testStatus } from "./status-suite.ts";

/** All that config/crd, config/rbac and config/samples promise, asked of a real API server. One server serves all suites. */
const context = useCluster();

testSpecs(context);
testStatus(context);
testLocks(context);
testPresentation(context);
testPermissions(context);
