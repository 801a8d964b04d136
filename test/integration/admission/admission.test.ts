import { testAskedExecutions } from "./asked-execution-suite.ts";
import { testCancelledExecutions } from "./cancelled-execution-suite.ts";
import { testCancelling } from "./cancel-suite.ts";
import { testClearing } from "./clearing-suite.ts";
import { useCluster } from "./cluster-context.ts";
import { testLocks } from "./lock-suite.ts";
import { testLockWriters } from "./lock-writers-suite.ts";
import { testPermissions } from "./permissions-suite.ts";
import { testPolicies } from "./policies-suite.ts";
import { testPresentation } from "./presentation-suite.ts";
import { testRequesters } from "./requester-suite.ts";
import { testSpecs } from "./spec-suite.ts";
import { testStatus } from "./status-suite.ts";

/** All that config/crd, config/rbac, config/admission and config/samples promise, asked of a real API server. One server serves all suites. */
const context = useCluster();

testSpecs(context);
testStatus(context);
testLocks(context);
testPresentation(context);
testPolicies(context);
testLockWriters(context);
testClearing(context);
testAskedExecutions(context);
testRequesters(context);
testCancelling(context);
testCancelledExecutions(context);
testPermissions(context);
