import { readDatabase } from "../../../pkg/audit/read-database.ts";
import { dropPartition } from "../../../pkg/audit/retention/drop-partition.ts";
import { placeHold, readHolds, releaseHold } from "../../../pkg/audit/retention/holds.ts";
import { readPartitions } from "../../../pkg/audit/retention/read-partitions.ts";
import { resolveMoment } from "./moment.ts";
import type { DropCommand, PlaceHoldCommand, ReleaseHoldCommand, RetentionListCommand } from "./parse-retention.ts";
import { renderHolds, renderPartitions } from "./render-retention.ts";
import type { AuditSurroundings } from "./surroundings.ts";

/** Places a hold; prints its id. */
export async function auditPlaceHold(command: PlaceHoldCommand, surroundings: AuditSurroundings): Promise<void> {
  const { databaseUrl, print, now } = surroundings;
  const [from, to] = [resolveMoment(command.from, now()), resolveMoment(command.to, now())];
  if (from >= to) throw new Error(`a hold ends after it begins, not from ${from} to ${to}`);
  print(await placeHold(databaseUrl(), { from, to, reason: command.reason }));
}

/** Releases a hold. */
export async function auditReleaseHold(command: ReleaseHoldCommand, surroundings: AuditSurroundings): Promise<void> {
  await releaseHold(surroundings.databaseUrl(), command.id, command.reason);
  surroundings.print(`${command.id} is released`);
}

/** Lists what is held, or the partitions. */
export async function auditRetentionList(
  command: RetentionListCommand,
  surroundings: AuditSurroundings,
): Promise<void> {
  const { databaseUrl, print, width } = surroundings;
  const lines =
    command.name === "partitions"
      ? renderPartitions(await readDatabase(databaseUrl(), readPartitions), width)
      : renderHolds(await readDatabase(databaseUrl(), readHolds), width);
  print(lines.join("\n"));
}

/** Drops a partition. */
export async function auditDrop({ partition }: DropCommand, surroundings: AuditSurroundings): Promise<void> {
  const seq = await dropPartition(surroundings.databaseUrl(), partition);
  surroundings.print(`${partition} is dropped; event ${String(seq)} says so`);
}
