/** A text for a terminal, in one line: what somebody wrote into a record can't move the cursor or change colours. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
}
