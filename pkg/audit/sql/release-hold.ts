/** Releases the hold $1, because of $2. */
export const releaseHold = "SELECT audit.release_hold($1, $2)";
