/** What stands in the place of what must not be seen. */
export const HIDDEN = "[redacted]";

/** Names whose values are secret wherever they stand, and names that are also ordinary words in error messages. */
const SURE =
  "password|passwd|passphrase|pgpass|pwd|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|client[_-]?secret";
const MAYBE = "secret|token|credentials?";
const PREFIX = String.raw`[\w.-]{0,64}`;
const SUFFIX = String.raw`(?:[_-]?(?:access|key|value|hash|data|id))*[_-]?\d*`;
const QUOTED = String.raw`\\*"(?:[^"\\]|\\[^"])*\\*"|\\*'(?:[^'\\]|\\[^'])*\\*'`;
const BARE = String.raw`(?!\[redacted\])[^\s,;&"'\\}\])]+`;

interface Filter {
  /** What a text must hold for the pattern to match anywhere: most hold none of it, and the pattern costs much more. */
  readonly sign: RegExp;
  readonly pattern: RegExp;
  readonly replacement: string;
}

const SURE_SIGN = new RegExp(SURE, "i");
const MAYBE_SIGN = new RegExp(MAYBE, "i");

/** Applied in this order; each is linear in the text (bounded prefixes), because logs are long and written by others. */
const filters: readonly Filter[] = [
  {
    sign: /-----BEGIN /,
    pattern: /-----BEGIN [A-Z0-9 ]{1,64}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,64}-----|$)/g,
    replacement: HIDDEN,
  },
  // Whole headers: whatever the scheme, all that follows is secret; but not containerd's words for a registry's refusal.
  {
    sign: /authorization|x-api-key|x-auth-token|cookie/i,
    pattern:
      /\b((?:proxy-)?authorization|x-api-key|x-auth-token|(?:set-)?cookie)(\\*["']?\s*[:=]\s*\\*["']?)(?!\s*(?:authorization failed\b|server message: |failed to ))[^\r\n"'\\]+/gi,
    replacement: `$1$2${HIDDEN}`,
  },
  // A word that has no digit or punctuation and is short is prose ("the bearer token is missing").
  {
    sign: /bearer\s/i,
    pattern: /\b(bearer\s+)(?=[^\s"']*[\d._~+/=-]|[^\s"']{16})[^\s"',;]+/gi,
    replacement: `$1${HIDDEN}`,
  },
  { sign: /eyJ/, pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, replacement: HIDDEN },
  {
    sign: /@/,
    pattern:
      /\b([a-z][a-z0-9+.-]{0,31}:\/\/)[^\s/?#"'<>@]{0,1024}(?::[^\s"'<>@]{0,4096})?@(?:[^\s/?#"'<>@]{0,256}@)*/gi,
    replacement: `$1${HIDDEN}@`,
  },
  { sign: /AKIA|ASIA/, pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, replacement: HIDDEN },
  {
    sign: /gh[pousr]_|github_pat_|glpat-|xox|AIza|npm_/,
    pattern:
      /\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|AIza[\w-]{30,}|npm_\w{30,})/g,
    replacement: HIDDEN,
  },
  {
    sign: /[?&]/,
    pattern: /([?&](?:x-amz-[a-z-]{1,32}|sig|signature|code|key)=)[^&\s"']+/gi,
    replacement: `$1${HIDDEN}`,
  },
  {
    sign: SURE_SIGN,
    pattern: new RegExp(String.raw`\b(${PREFIX}(?:${SURE})${SUFFIX}\\*["']?\s*[:=]\s*)(?:${QUOTED}|${BARE})`, "gi"),
    replacement: `$1${HIDDEN}`,
  },
  {
    sign: MAYBE_SIGN,
    pattern: new RegExp(
      String.raw`\b(${PREFIX}(?:${MAYBE})${SUFFIX}\\*["']?\s*(?:=\s*|:\s*(?=\\*["'])))(?:${QUOTED}|${BARE})`,
      "gi",
    ),
    replacement: `$1${HIDDEN}`,
  },
  // "token: abc" is a secret where the line ends there; "fetch oauth token: unexpected status 401" is a message.
  {
    sign: MAYBE_SIGN,
    pattern: new RegExp(String.raw`\b(${PREFIX}(?:${MAYBE})${SUFFIX}\s*:\s*)${BARE}(?=\s*(?:[,;}\]\r\n]|$))`, "gi"),
    replacement: `$1${HIDDEN}`,
  },
  {
    sign: new RegExp(`${SURE}|${MAYBE}`, "i"),
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
  return filters.reduce(
    (rest, { sign, pattern, replacement }) => (sign.test(rest) ? rest.replace(pattern, replacement) : rest),
    text,
  );
}
