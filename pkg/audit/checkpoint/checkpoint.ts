/**
 * A checkpoint: where the trail ended at a moment, said outside of the database. It is a text of a few lines, so that it can
 * be kept in a ConfigMap, a log or on paper; everything before the empty line is what is signed, byte by byte:
 *
 *   workflow-execution audit checkpoint 1
 *   origin: 6f1c9a3e-0000-4000-8000-000000000001
 *   seq: 1204
 *   hash: <64 hex digits>
 *   timeline: 00000001
 *   time: 2026-03-01T10:00:09.000Z
 *   forks: 0
 *   policy: -
 *   noted: yes
 *   key: 1a2b3c4d
 *
 *   signature: <Ed25519, base64>
 *
 * `-` stands for what isn't known. The first line has the version of the form: another form is another number.
 */
export interface Checkpoint {
  /** Of which trail: audit.head.origin. */
  readonly origin: string;
  /** The last row, and its hash, which stands for all rows before it too; 64 hex digits. */
  readonly seq: number;
  readonly hash: string;
  /** Of PostgreSQL, 8 hex digits: it grows when a standby takes over. */
  readonly timeline?: string;
  /** RFC 3339, by the API server's clock. */
  readonly time: string;
  /** How often until then the trail had lost what an earlier checkpoint says. */
  readonly forks: number;
  /** Of the configuration under which it was made. */
  readonly policyHash?: string;
  /** Whether an event of the trail tells of it: that row alone is no reason for another checkpoint. */
  readonly isNoted: boolean;
  /** By which key it is signed (checkpoint-key.ts). */
  readonly keyId?: string;
}

/** A checkpoint as it was read. What it says is true only where its signature is right (check-checkpoint.ts). */
export interface WrittenCheckpoint extends Checkpoint {
  /** The whole text. */
  readonly text: string;
  /** The part that is signed. */
  readonly signed: string;
  /** In base64. */
  readonly signature?: string;
}

const title = "workflow-execution audit checkpoint 1";

const form = new RegExp(
  [
    `^(?<signed>${title}`,
    "origin: (?<origin>[0-9a-f-]{36})",
    "seq: (?<seq>0|[1-9][0-9]{0,14})",
    "hash: (?<hash>[0-9a-f]{64})",
    "timeline: (?<timeline>-|[0-9A-F]{8})",
    "time: (?<time>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)",
    "forks: (?<forks>0|[1-9][0-9]{0,8})",
    "policy: (?<policy>-|[\\w:.+/=-]{1,100})",
    "noted: (?<noted>yes|no)",
    "key: (?<key>-|[0-9a-f]{8})",
    ")",
    "signature: (?<signature>-|[A-Za-z0-9+/]{86}==)",
    "$",
  ].join("\n"),
);

/** The part of a checkpoint's text that is signed. */
export function signedPart(checkpoint: Checkpoint): string {
  const { origin, seq, hash, timeline = "-", time, forks, policyHash = "-", isNoted, keyId = "-" } = checkpoint;
  return [
    title,
    `origin: ${origin}`,
    `seq: ${String(seq)}`,
    `hash: ${hash}`,
    `timeline: ${timeline}`,
    `time: ${time}`,
    `forks: ${String(forks)}`,
    `policy: ${policyHash}`,
    `noted: ${isNoted ? "yes" : "no"}`,
    `key: ${keyId}`,
    "",
  ].join("\n");
}

/** The whole text. Without a signature it says so. */
export function checkpointText(signed: string, signature = "-"): string {
  return `${signed}\nsignature: ${signature}\n`;
}

/** Reads a checkpoint's text; spaces and lines behind its end don't matter. Undefined for everything else. */
export function parseCheckpoint(text: string): WrittenCheckpoint | undefined {
  const whole = `${text.trimEnd()}\n`;
  const { groups } = form.exec(whole) ?? {};
  if (groups === undefined) return undefined;
  const { signed = "", origin = "", hash = "", time = "", timeline, policy, key, signature } = groups;
  return {
    ...{ origin, hash, time, text: whole, signed },
    seq: Number(groups["seq"]),
    forks: Number(groups["forks"]),
    isNoted: groups["noted"] === "yes",
    ...known("timeline", timeline),
    ...known("policyHash", policy),
    ...known("keyId", key),
    ...known("signature", signature),
  };
}

function known<K extends string>(name: K, text = "-"): Partial<Record<K, string>> {
  return text === "-" ? {} : ({ [name]: text } as Record<K, string>);
}
