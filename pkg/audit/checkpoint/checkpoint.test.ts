import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCheckpoint, aSigningKey, aWrittenCheckpoint } from "../../../test/support/a-checkpoint.ts";
import { checkCheckpoint } from "./check-checkpoint.ts";
import { generateSigningKey, keyIdOf, parsePublicKey, parseSigningKey, publicKeyText } from "./checkpoint-key.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { signCheckpoint } from "./sign-checkpoint.ts";

const ours = aSigningKey();
const full = aCheckpoint({ timeline: "0000000A", policyHash: "ab".repeat(32), forks: 2, isNoted: false });

describe("the text of a checkpoint", () => {
  it("is this, letter for letter: older ones must stay readable", () => {
    assert.equal(
      signCheckpoint(aCheckpoint(), undefined),
      `workflow-execution audit checkpoint 1
origin: 6f1c9a3e-0000-4000-8000-000000000001
seq: 7
hash: ${"07".repeat(32)}
timeline: -
time: 2026-03-01T10:00:09.000Z
forks: 0
policy: -
noted: yes
key: -

signature: -
`,
    );
  });

  it("gives back what it was made from", () => {
    const { text, signed, signature, ...said } = aWrittenCheckpoint(full, ours.privateKey);
    assert.deepEqual(said, { ...full, keyId: keyIdOf(ours.publicKey) });
    assert.ok(text.startsWith(`${signed}\nsignature: ${String(signature)}`));
  });

  it("may have lost or won line breaks at its end, as it does on its way through a shell", () => {
    const { text } = aWrittenCheckpoint(full, ours.privateKey);
    assert.equal(parseCheckpoint(text.trimEnd())?.text, text);
    assert.equal(parseCheckpoint(`${text}\n\n`)?.text, text);
  });

  const { text } = aWrittenCheckpoint();
  const others: Readonly<Record<string, string>> = {
    "nothing at all": "",
    "another version": text.replace("checkpoint 1", "checkpoint 2"),
    "a number with a zero before it": text.replace("seq: 7", "seq: 07"),
    "a hash that is too short": text.replace("0707\n", "07\n"),
    "a line more": text.replace("forks", "note: x\nforks"),
    "a line less": text.replace("forks: 0\n", ""),
    "a time without milliseconds": text.replace(".000Z", "Z"),
    "something before it": ` ${text}`,
    "something behind it": `${text}x`,
    "line ends of another system": text.replaceAll("\n", "\r\n"),
  };
  for (const [what, other] of Object.entries(others)) {
    it(`is none with ${what}`, () => {
      assert.notEqual(other, text);
      assert.equal(parseCheckpoint(other), undefined);
    });
  }
});

describe("the signature of a checkpoint", () => {
  it("is right for the key that made it, and found among several", () => {
    const keys = [aSigningKey().publicKey, ours.publicKey, aSigningKey().publicKey];
    assert.equal(checkCheckpoint(aWrittenCheckpoint(full, ours.privateKey), keys), undefined);
  });

  it("fits no text in which any letter was changed", () => {
    const { text, signed } = aWrittenCheckpoint(full, ours.privateKey);
    let readable = 0;
    for (let place = 0; place < signed.length; place += 1) {
      const changed = parseCheckpoint(text.slice(0, place) + other(text.charAt(place)) + text.slice(place + 1));
      if (changed === undefined) continue;
      readable += 1;
      assert.notEqual(checkCheckpoint(changed, [ours.publicKey]), undefined, changed.text);
    }
    assert.ok(readable > 100, `${String(readable)} of them could be read`);
  });

  it("of another checkpoint is found to be forged", () => {
    const mine = aWrittenCheckpoint({ seq: 7 }, ours.privateKey);
    const later = aWrittenCheckpoint({ seq: 8 }, ours.privateKey);
    const mixed = parseCheckpoint(mine.text.replace(mine.signature ?? "", later.signature ?? ""));
    assert.deepEqual(mixed && checkCheckpoint(mixed, [ours.publicKey]), {
      kind: "signature",
      seq: 7,
      detail: `the checkpoint 7 of 2026-03-01T10:00:09.000Z was not signed by the key ${keyIdOf(ours.publicKey)} that it names: it is forged`,
    });
  });

  it("by a key that only pretends to be ours is found to be forged", () => {
    const theirs = aWrittenCheckpoint({}, aSigningKey().privateKey);
    const pretended = parseCheckpoint(theirs.text.replace(String(theirs.keyId), keyIdOf(ours.publicKey)));
    assert.equal(pretended && checkCheckpoint(pretended, [ours.publicKey])?.kind, "signature");
  });

  it("by a key that wasn't given says which one it is", () => {
    const problem = checkCheckpoint(aWrittenCheckpoint({}, aSigningKey().privateKey), [ours.publicKey]);
    assert.equal(problem?.kind, "key");
    assert.match(problem.detail, /names the key [0-9a-f]{8}, which was not given/);
  });

  it("that is missing is no right one", () => {
    assert.equal(checkCheckpoint(aWrittenCheckpoint(), [ours.publicKey])?.kind, "signature");
    const { text, signature = "" } = aWrittenCheckpoint({}, ours.privateKey);
    const stripped = parseCheckpoint(text.replace(signature, "-"));
    assert.equal(stripped && checkCheckpoint(stripped, [ours.publicKey])?.kind, "signature");
  });
});

describe("a key for checkpoints", () => {
  it("is written and read again, and its public half has the same id", () => {
    const key = parseSigningKey(generateSigningKey());
    const publicKey = parsePublicKey(publicKeyText(key));
    assert.equal(keyIdOf(publicKey), keyIdOf(key));
    assert.equal(checkCheckpoint(aWrittenCheckpoint({}, key), [publicKey]), undefined);
  });

  it("has the id that everybody else computes too", () => {
    // RFC 8032 section 7.1, test 1: the public key is d75a98…; its SHA-256 by sha256sum.
    const raw = Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex");
    const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]).toString("base64");
    const pem = `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
    assert.equal(keyIdOf(parsePublicKey(pem)), "21fe31df");
  });

  it("is not the other half, nor anything else; no message repeats it", () => {
    const [privateText, publicText] = [generateSigningKey(), publicKeyText(ours.privateKey)];
    assert.throws(() => parsePublicKey(privateText), /no public key of Ed25519/);
    assert.throws(() => parseSigningKey(publicText), /no private key of Ed25519/);
    assert.throws(
      () => parseSigningKey("canary"),
      (error: Error) => !error.message.includes("canary"),
    );
  });
});

function other(letter: string): string {
  return letter === "0" ? "1" : "0";
}
