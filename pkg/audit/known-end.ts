/**
 * How far the trail is known to reach, so that it is noticed when PostgreSQL has lost what it had acknowledged: after an
 * asynchronous failover, or when somebody has restored an older copy (audit.md section 1).
 */
import type { AppendOutcome } from "./append.ts";
import type { Audited } from "./audited.ts";
import type { Anchor } from "./verify/trail-check.ts";

export class KnownEnd {
  #last: Anchor | undefined;
  #isInDoubt = true;
  /** Receipts from before (ms) may be of rows that were lost, which is known already. */
  #lossAt = -Infinity;

  /** Takes in the receipt that an object of the cluster has. */
  told({ audit }: Audited): void {
    const { acked, seq, hash } = audit ?? {};
    if (acked === undefined || seq === undefined || hash === undefined) return;
    if (Date.parse(acked.at) > this.#lossAt) this.#reach({ seq, hash });
  }

  /** Takes in what was recorded just now. */
  reached(outcomes: Iterable<AppendOutcome>): void {
    // Where nothing was known before, nothing can be missing.
    if (this.#last === undefined) this.#isInDoubt = false;
    for (const outcome of outcomes) if (outcome.kind === "recorded") this.#reach(outcome);
  }

  /** From now on it isn't sure any more that the trail has what it had. */
  doubt(anchor?: Anchor): void {
    if (anchor !== undefined) this.#reach(anchor);
    this.#isInDoubt = true;
  }

  /** Whether it has to be asked. */
  isDoubtful(): boolean {
    return this.#isInDoubt && this.#last !== undefined;
  }

  /**
   * Asks whether the last known row is still there.
   *
   * @returns that row where it is gone or is another one
   * @throws what `hashAt` throws: then the doubt stays
   */
  async lostRow(hashAt: (seq: number) => Promise<string | undefined>): Promise<Anchor | undefined> {
    const asked = this.#last;
    const hash = asked === undefined ? undefined : await hashAt(asked.seq);
    if (asked !== this.#last) return undefined;
    this.#isInDoubt = false;
    return hash === asked?.hash ? undefined : asked;
  }

  /** Begins anew: what was recorded until then (ms) isn't expected any more. */
  forgetUntil(ms: number): void {
    this.#last = undefined;
    this.#lossAt = ms;
  }

  #reach({ seq, hash }: Anchor): void {
    if (seq > (this.#last?.seq ?? 0)) this.#last = { seq, hash };
  }
}
