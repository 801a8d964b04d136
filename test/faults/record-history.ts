/**
 * Writes the history of a running cluster to a file, for check-history.ts:
 *
 *   node test/faults/record-history.ts ETCD-URL FILE
 *
 * The cluster must have been started with `keepsHistory`.
 */
import { writeHistoryFile } from "./history-file.ts";
import { readHistory } from "./read-history.ts";

const [etcd = "", file = ""] = process.argv.slice(2);
if (file === "") {
  console.error("Usage: record-history.ts ETCD-URL FILE");
  process.exit(2);
}
const history = await readHistory(etcd);
await writeHistoryFile(file, history);
console.log(`${String(history.length)} states up to revision ${String(history.at(-1)?.revision ?? 0)}: ${file}`);
