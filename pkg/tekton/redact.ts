const HIDDEN = "[redacted]";

/** Names whose values are secret wherever they stand, and names that are also ordinary words in error messages. */
const SURE =
  "password|passwd|passphrase|pgpass|pwd|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|client[_-]?secret";
const MAYBE = "secret|token|credentials?";
const PREFIX = String.raw`[\w.-]{0,64}`;
const SUFFIX = String.raw`(?:[_-]?(?:access|key|value|hash|data|id))*\d*`;
const QUOTED = String.raw`\\*"(?:[^"\\]|\\[^"])*\\*"|\\*'(?:[^'\\]|\\[^'])*\\*'`;
const BARE = String.raw`(?!\[redacted\])[^\s,;&"'\\}\])]+`;

interface Filter {
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** Applied in this order; each is linear in the text (bounded prefixes), because logs are long and written by others. */
const filters: readonly Filter[] = [
  { pattern: /-----BEGIN [A-Z0-9 ]{1,64}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,64}-----|$)/g, replacement: HIDDEN },
  // Whole headers: whatever the scheme, all that follows is secret.
  {
    pattern:
      /\b((?:proxy-)?authorization|x-api-key|x-auth-token|(?:set-)?cookie)(\\*["']?\s*[:=]\s*\\*["']?)[^\r\n"'\\]+/gi,
    replacement: `$1$2${HIDDEN}`,
  },
  // A word that has no digit or punctuation and is short is prose ("the bearer token is missing").
  { pattern: /\b(bearer\s+)(?=[^\s"']*[\d._~+/=-]|[^\s"']{16})[^\s"',;]+/gi, replacement: `$1${HIDDEN}` },
  { pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, replacement: HIDDEN },
  {
    pattern:
      /\b([a-z][a-z0-9+.-]{0,31}:\/\/)[^\s/?#"'<>@]{0,1024}(?::[^\s"'<>@]{0,4096})?@(?:[^\s/?#"'<>@]{0,256}@)*/gi,
    replacement: `$1${HIDDEN}@`,
  },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, replacement: HIDDEN },
  {
    pattern:
      /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|AIza[\w-]{30,}|npm_\w{30,})/g,
    replacement: HIDDEN,
  },
  { pattern: /([?&](?:x-amz-[a-z-]{1,32}|sig|signature|code|key)=)[^&\s"']+/gi, replacement: `$1${HIDDEN}` },
  {
    pattern: new RegExp(String.raw`\b(${PREFIX}(?:${SURE})${SUFFIX}\\*["']?\s*[:=]\s*)(?:${QUOTED}|${BARE})`, "gi"),
    replacement: `$1${HIDDEN}`,
  },
  {
    pattern: new RegExp(
      String.raw`\b(${PREFIX}(?:${MAYBE})${SUFFIX}\\*["']?\s*(?:=\s*|:\s*(?=\\*["'])))(?:${QUOTED}|${BARE})`,
      "gi",
    ),
    replacement: `$1${HIDDEN}`,
  },
  // "token: abc" is a secret where the line ends there; "fetch oauth token: unexpected status 401" is a message.
  {
    pattern: new RegExp(String.raw`\b(${PREFIX}(?:${MAYBE})${SUFFIX}\s*:\s*)${BARE}(?=\s*(?:[,;}\]\r\n]|$))`, "gi"),
    replacement: `$1${HIDDEN}`,
  },
  {
    pattern: new RegExp(String.raw`(--?(?:${SURE}|${MAYBE})\s+)(?:${QUOTED}|[^\s"'-][^\s"']*)`, "gi"),
    replacement: `$1${HIDDEN}`,
  },
];

/**
 * The same text without what looks like a secret: bearer tokens and authorization headers, user info of URLs, values of
 * passwords, tokens and keys, PEM blocks, AWS access keys and the tokens of well-known services (audit.md section 5).
 * A filter can't know every secret; it is the last line of defence, not the first.
 */
export function redact(text: string): string {
  return filters.reduce((rest, { pattern, replacement }) => rest.replace(pattern, replacement), text);
}
