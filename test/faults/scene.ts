import type { Change, Judged } from "./change.ts";
import type { JudgedKind } from "./history-entry.ts";

/** An object as it was last seen; it may be gone. */
export interface Life<K extends JudgedKind = JudgedKind> {
  readonly kind: K;
  readonly uid: string;
  readonly object: Judged[K];
  /** Of the last change. */
  readonly revision: number;
  readonly isGone: boolean;
}

/** All that was ever there up to a revision, by uid. */
export interface Scene {
  /** Takes in the next change. */
  take(change: Change): void;
  get<K extends JudgedKind>(kind: K, uid: string | undefined): Life<K> | undefined;
  /** The lock of that name that is there now. */
  lockNamed(name: string): Life<"lock"> | undefined;
  /** All locks that are there now. */
  locks(): readonly Life<"lock">[];
}

/** A scene in which nothing has happened yet. */
export function createScene(): Scene {
  const lives = new Map<string, Life>();
  const locks = new Map<string, string>();
  return {
    take(change) {
      const { kind, uid, object, revision } = change;
      lives.set(`${kind}/${uid}`, { kind, uid, object, revision, isGone: change.after === undefined });
      if (kind === "lock") locks.set(object.metadata.name, uid);
    },
    get,
    lockNamed,
    locks: () => [...locks.keys()].map(lockNamed).filter((lock) => lock !== undefined),
  };

  function lockNamed(name: string): Life<"lock"> | undefined {
    const lock = get("lock", locks.get(name));
    return lock?.isGone === false ? lock : undefined;
  }

  function get<K extends JudgedKind>(kind: K, uid: string | undefined): Life<K> | undefined {
    return lives.get(`${kind}/${uid ?? ""}`) as Life<K> | undefined;
  }
}
