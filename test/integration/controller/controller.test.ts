import { useController } from "./context.ts";
import { testDeletions } from "./deletion-suite.ts";
import { testExclusion } from "./exclusion-suite.ts";
import { testFailures } from "./failure-suite.ts";
import { testPresentation } from "./presentation-suite.ts";
import { testProcess } from "./process-suite.ts";
import { testSuccess } from "./success-suite.ts";

/**
 * The controller as its own process and under its own service account (config/rbac), on a real API server and a real
 * PostgreSQL; Tekton is played (test/support/tekton-player). One world serves all suites.
 */
const context = useController();

testPresentation(context);
testSuccess(context);
testFailures(context);
testExclusion(context);
testDeletions(context);
testProcess(context);
