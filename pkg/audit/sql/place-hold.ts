/** Keeps what was recorded from $1 to $2 from being dropped, because of $3. */
export const placeHold = "SELECT audit.place_hold($1, $2, $3)::text AS id";
