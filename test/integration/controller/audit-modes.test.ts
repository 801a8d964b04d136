import { testAuditBacklog, testStrictMode } from "./audit-mode-suite.ts";
import { useController } from "./context.ts";

/** What may start while PostgreSQL is away: nothing in mode strict, and in both modes nothing beyond the limits. */
const context = useController({ audit: { settle: "0s", mode: "strict" } });

testStrictMode(context);
testAuditBacklog(context);
