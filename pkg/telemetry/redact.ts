/**
 * Secrets are taken out of a log line after everything else was done to it, so that none slips past: not in a message,
 * not in the stack of an error, not in a field however deep (design.md section 6, audit.md section 5).
 */
export const REDACTED = "[redacted]";

/** Takes the secrets out of a value made of plain JSON. */
export type Redactor = (value: unknown) => unknown;

/** Fields whose whole value is a secret, whatever it is. */
const SECRET_KEY = /(?:authorization|cookie|password|passwd|token|secret|private[-_]?key|api[-_]?key)$/i;

/** Names whose values are secrets, with what may stand before and behind them. Bounded, so that no text is slow. */
const SECRET_NAME = String.raw`[\w.-]{0,64}(?:password|passwd|passphrase|pwd|token|secret|credentials?|(?:api|access|private)[-_]?key)(?:[-_]?(?:access|key|value|hash|data|id))*[-_]?\d*`;
const SECRET_VALUE = String.raw`(?:\\*"[^"\\]*\\*"|\\*'[^'\\]*\\*'|[^\s,;&"'\\]+)`;

/**
 * Secrets that show themselves by their form, and what is written instead; those of pkg/api/redact.ts, with which this
 * room shares no code but a table of examples (test/support/secret-examples.ts). Each runs in linear time on any text.
 */
const SECRET_FORMS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]{0,64}PRIVATE KEY[A-Z ]{0,64}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,64}-----|$)/g, REDACTED],
  // User and password of a URL. The scheme is bounded, so that a long word can't make this quadratic.
  [
    /\b([a-z][a-z0-9+.-]{0,31}:\/\/)[^\s/?#"'<>@]{0,256}(?::[^\s"'<>@]{0,1024})?@(?:[^\s/?#"'<>@]{0,256}@)*/gi,
    `$1${REDACTED}@`,
  ],
  [/\b((?:set-)?cookie\\*["']?\s*[:=]\s*\\*["']?)[^\r\n"'\\]+/gi, `$1${REDACTED}`],
  [
    /\b((?:authorization|x-api-key|x-auth-token)\\*["']?\s*[:=]\s*\\*["']?)(?:(?:bearer|basic|digest|negotiate)\s+)?[^\s"',\\]+/gi,
    `$1${REDACTED}`,
  ],
  [/\b(bearer\s+)[\w.~+/=-]{16,}/gi, `$1${REDACTED}`],
  // A JSON Web Token, as service accounts have.
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, REDACTED],
  // Keys of AWS, and tokens of GitHub, GitLab, Slack, Google and npm.
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [
    /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|AIza[\w-]{30,}|npm_\w{30,})/g,
    REDACTED,
  ],
  [/([?&](?:x-amz-[a-z-]{1,32}|sig|signature|code|key)=)[^&\s"']+/gi, `$1${REDACTED}`],
  [new RegExp(String.raw`\b(${SECRET_NAME}\\*["']?\s*[=:]\s*)${SECRET_VALUE}`, "gi"), `$1${REDACTED}`],
  [new RegExp(String.raw`(--?${SECRET_NAME}\s+)(?!-)${SECRET_VALUE}`, "gi"), `$1${REDACTED}`],
];

/** Below this length a password is also a common word, and would be taken out of the middle of others. */
const SHORTEST_PASSWORD = 8;

/**
 * A redactor that also knows some secrets by their value. A URL among them (DATABASE_URL) stands for itself and for its
 * password, as written and decoded.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = [...new Set(secrets.flatMap(spellings).flatMap(withQuoted))].filter((secret) => secret !== "");
  // Longest first: a part of a secret must not break up the whole one.
  const ordered = known.toSorted((a, b) => b.length - a.length);
  return (value) => redact(value, ordered);
}

function spellings(secret: string): readonly string[] {
  const password = URL.parse(secret)?.password ?? "";
  return [secret, ...[password, decoded(password)].filter((text) => text.length >= SHORTEST_PASSWORD)];
}

/** An object that was formatted into a message has its text escaped already. */
function withQuoted(secret: string): readonly string[] {
  return [secret, JSON.stringify(secret).slice(1, -1)];
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

function redact(value: unknown, known: readonly string[]): unknown {
  if (typeof value === "string") return redactText(value, known);
  if (Array.isArray(value)) return value.map((item) => redact(item, known));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      redactText(key, known),
      isSecret(key, part) ? REDACTED : redact(part, known),
    ]),
  );
}

/** Whether there is one, and whether it is set, may be told. */
function isSecret(key: string, value: unknown): boolean {
  return value !== null && typeof value !== "boolean" && SECRET_KEY.test(key);
}

function redactText(text: string, known: readonly string[]): string {
  const named = known.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  return SECRET_FORMS.reduce((rest, [form, instead]) => rest.replace(form, instead), named);
}
