/**
 * Puts the value at the end of the map, also where its key was there before; of more than `most` the oldest go. Gives the
 * keys of those.
 */
export function keepNewest<V>(map: Map<string, V>, key: string, value: V, most: number): readonly string[] {
  map.delete(key);
  map.set(key, value);
  const gone = [...map.keys().take(Math.max(0, map.size - most))];
  for (const one of gone) map.delete(one);
  return gone;
}
