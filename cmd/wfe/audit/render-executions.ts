import { executionColumns } from "../../../pkg/audit/ask/execution-record.ts";
import type { ExecutionRecord } from "../../../pkg/audit/ask/execution-record.ts";
import { renderCsv } from "../output/render-csv.ts";
import { renderTable } from "../output/render-table.ts";
import { secondsOf } from "../output/seconds-of.ts";
import type { QueryCommand } from "./parse-query.ts";

const titles = ["CREATED", "EXECUTION", "TARGET", "WORKFLOW", "PHASE", "OUTCOME", "TOOK", "WHY"];

/**
 * Executions as a table (what matters, cut to the terminal), JSON (one array) or CSV (both everything, unchanged).
 */
export function renderExecutions(
  executions: readonly ExecutionRecord[],
  output: QueryCommand["output"],
  width: number,
): string {
  switch (output) {
    case "table":
      return `${renderTable(titles, executions.map(tableRow), width).join("\n")}\n`;
    case "json":
      return `${JSON.stringify(executions, null, 2)}\n`;
    case "csv":
      return renderCsv(executionColumns, executions.map(csvRow));
  }
}

function tableRow(execution: ExecutionRecord): readonly string[] {
  return [
    secondsOf(execution.created_at),
    `${execution.namespace}/${execution.name}`,
    execution.target_resource,
    execution.workflow_id,
    execution.phase,
    execution.outcome ?? "",
    execution.total_duration?.replace(/\.\d+$/, "") ?? "",
    whyOf(execution),
  ];
}

function whyOf(execution: ExecutionRecord): string {
  const reason = execution.failure_reason ?? execution.skip_reason ?? "";
  const more = execution.failure_message ?? execution.conflicting_wfe ?? "";
  return more === "" ? reason : `${reason}: ${more}`;
}

function csvRow(execution: ExecutionRecord): readonly (string | null)[] {
  return executionColumns.map((column) => {
    const value = execution[column];
    if (value instanceof Date) return value.toISOString();
    return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
  });
}
