import { useController } from "./context.ts";
import { testOutages } from "./outage-suite.ts";
import { testWaiting } from "./waiting-suite.ts";

/** What the controller depends on goes away and comes back: quota, namespace, rights, PostgreSQL, the API server. */
const context = useController();

testOutages(context);
testWaiting(context);
