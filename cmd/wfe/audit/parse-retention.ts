import { readOptions } from "../read-options.ts";
import { UsageError } from "../usage-error.ts";
import { parseMoment } from "./moment.ts";
import type { Moment } from "./moment.ts";
import { refuseOperands } from "./refuse-operands.ts";

/** wfe audit hold place. */
export interface PlaceHoldCommand {
  readonly group: "audit";
  readonly name: "hold-place";
  readonly from: Moment;
  readonly to: Moment;
  readonly reason: string;
}

/** wfe audit hold release. */
export interface ReleaseHoldCommand {
  readonly group: "audit";
  readonly name: "hold-release";
  readonly id: string;
  readonly reason: string;
}

/** wfe audit hold list, wfe audit partitions. */
export interface RetentionListCommand {
  readonly group: "audit";
  readonly name: "hold-list" | "partitions";
}

/** wfe audit drop. */
export interface DropCommand {
  readonly group: "audit";
  readonly name: "drop";
  readonly partition: string;
}

const reasonOption = { reason: { type: "string", default: "" } } as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads the arguments of wfe audit hold. Throws UsageError. */
export function parseHold([action = "", ...args]: readonly string[]):
  PlaceHoldCommand | ReleaseHoldCommand | RetentionListCommand {
  switch (action) {
    case "place":
      return parsePlace(args);
    case "release":
      return parseRelease(args);
    case "list":
      refuseOperands("hold list", readOptions(args, {}).positionals);
      return { group: "audit", name: "hold-list" };
    default:
      throw new UsageError(`wfe audit hold takes place, release or list`);
  }
}

/** Reads the arguments of wfe audit partitions. Throws UsageError. */
export function parsePartitions(args: readonly string[]): RetentionListCommand {
  refuseOperands("partitions", readOptions(args, {}).positionals);
  return { group: "audit", name: "partitions" };
}

/** Reads the arguments of wfe audit drop. Throws UsageError. */
export function parseDrop(args: readonly string[]): DropCommand {
  const [partition = "", ...more] = readOptions(args, {}).positionals;
  if (!/^events_\d{6}$/.test(partition) || more.length > 0) {
    throw new UsageError("wfe audit drop takes a partition, such as events_202601: wfe audit partitions lists them");
  }
  return { group: "audit", name: "drop", partition };
}

function parsePlace(args: readonly string[]): PlaceHoldCommand {
  const { values, positionals } = readOptions(args, {
    from: { type: "string", default: "" },
    to: { type: "string", default: "" },
    ...reasonOption,
  });
  refuseOperands("hold place", positionals);
  const [from, to] = [parseMoment("from", values.from), parseMoment("to", values.to)];
  return { group: "audit", name: "hold-place", from, to, reason: reasonOf(values.reason) };
}

function parseRelease(args: readonly string[]): ReleaseHoldCommand {
  const { values, positionals } = readOptions(args, reasonOption);
  const [id = "", ...more] = positionals;
  if (!UUID.test(id) || more.length > 0) {
    throw new UsageError("wfe audit hold release takes the id of a hold: wfe audit hold list shows them");
  }
  return { group: "audit", name: "hold-release", id, reason: reasonOf(values.reason) };
}

/** It is kept for ever: nobody will know it later if it isn't said now. */
function reasonOf(text: string): string {
  if (text.trim() === "") throw new UsageError("--reason is missing: it is kept in the trail");
  return text;
}
