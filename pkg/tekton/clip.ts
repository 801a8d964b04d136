const MARK = "…";
const MARK_BYTES = 3;

/**
 * At most that many bytes of UTF-8: longer texts lose their end, which an ellipsis shows. A limit under 3 bytes leaves
 * only the ellipsis. Characters are never cut apart.
 */
export function clip(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  let bytes = 0;
  let end = 0;
  let room = 0;
  for (const character of text) {
    bytes += utf8Length(character);
    end += character.length;
    if (bytes <= maxBytes - MARK_BYTES) room = end;
    if (bytes > maxBytes) return text.slice(0, room) + MARK;
  }
  return text;
}

/** Like clip, but long texts lose their beginning: for logs, whose end says what went wrong. */
export function clipStart(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const characters = Array.from(text);
  let bytes = 0;
  let room = characters.length;
  for (let at = characters.length - 1; at >= 0; at--) {
    bytes += utf8Length(characters[at] ?? "");
    if (bytes <= maxBytes - MARK_BYTES) room = at;
    if (bytes > maxBytes) return MARK + characters.slice(room).join("");
  }
  return text;
}

function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
