/** Where time is read. Real code is handed the API server's clock, tests one that they step. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
