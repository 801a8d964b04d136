/** What the commands of wfe audit need from the process. */
export interface AuditSurroundings {
  /** Of the database. Throws Error where none is named. */
  readonly databaseUrl: () => string;
  /** $KUBECONFIG, where it is set. */
  readonly kubeconfig?: string;
  /** $AUDIT_HMAC_KEY, empty where it isn't set. */
  readonly hmacKey: string;
  /** All of standard input. */
  readonly readInput: () => Promise<string>;
  /** Standard output: a line. */
  readonly print: (line: string) => void;
  /** Standard output: a text as it is. */
  readonly write: (text: string) => void;
  /** Standard error: a line that isn't part of the result. */
  readonly tell: (line: string) => void;
  /** Of the terminal in characters; Infinity where the output goes elsewhere. */
  readonly width: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
