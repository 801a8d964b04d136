import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { secretExamples } from "../../test/support/secret-examples.ts";
import { redact } from "./redact.ts";

const HEAD = "eyJhbGciOiJSUzI1NiJ9";
const TOKEN = `${HEAD}.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl`;
const DASHES = "-----";
const KEY = `${DASHES}BEGIN RSA PRIVATE KEY${DASHES}\nMIIEowIBAAKCAQEA\n${DASHES}END RSA PRIVATE KEY${DASHES}`;

/** What must go, and what stays around it. */
const secrets: readonly (readonly [sentence: string, text: string, redacted: string])[] = [
  ["a bearer token", `curl -H "Bearer abc.def-123"`, `curl -H "Bearer [redacted]"`],
  ["an authorization header", "authorization: Basic dXNlcjpwdw==", "authorization: [redacted]"],
  ["an authorization header in JSON", '{"Authorization":"Bearer abcdef"}', '{"Authorization":"[redacted]"}'],
  ["a JSON web token", `token is ${TOKEN}, expired`, "token is [redacted], expired"],
  ["the password of a URL", "postgres://app:s3cret@db:5432/x", "postgres://[redacted]@db:5432/x"],
  ["a password with an at sign in a URL", "https://u:p@ss@host/path", "https://[redacted]@host/path"],
  ["a password with a slash in a URL", "https://u:pa/ss@host/path", "https://[redacted]@host/path"],
  ["a user alone in a URL, which may be a token", "https://ghs_abc@host/x", "https://[redacted]@host/x"],
  ["a password in a list of settings", "host=db password=hunter2 port=5432", "host=db password=[redacted] port=5432"],
  ["a password with blanks", 'password="hunter two", user=x', "password=[redacted], user=x"],
  ["a password in JSON", '{"user":"x","password":"hunter2"}', '{"user":"x","password":[redacted]}'],
  ["a password in JSON in JSON", String.raw`{\"password\":\"hunter2\"}`, String.raw`{\"password\":[redacted]}`],
  ["a password in YAML", "password: hunter2\nuser: x", "password: [redacted]\nuser: x"],
  [
    "an environment variable",
    "DB_PASSWORD=hunter2 AWS_SECRET_ACCESS_KEY=abc/def+1",
    "DB_PASSWORD=[redacted] AWS_SECRET_ACCESS_KEY=[redacted]",
  ],
  ["a token in an environment", "GITHUB_TOKEN=abcdef", "GITHUB_TOKEN=[redacted]"],
  ["a token at the end of a line", "token: abcdef\nnext", "token: [redacted]\nnext"],
  ["an option of a command", "tool --password hunter2 --user x", "tool --password [redacted] --user x"],
  ["a key of AWS", "key AKIAIOSFODNN7EXAMPLE is unknown", "key [redacted] is unknown"],
  ["a signed URL", "GET https://s3/x?X-Amz-Signature=abc123&b=1", "GET https://s3/x?X-Amz-Signature=[redacted]&b=1"],
  ["a private key", `before\n${KEY}\nafter`, "before\n[redacted]\nafter"],
  ["a private key whose end was cut off", `before\n${KEY.slice(0, 50)}`, "before\n[redacted]"],
  ["a token of GitHub", `ghp_${"a1".repeat(18)}`, "[redacted]"],
];

/** Error messages that must stay readable. */
const harmless: readonly string[] = [
  '"step-main" exited with code 1: Error',
  'secret "top-secret" not found',
  'secrets "top-secret" is forbidden: User "system:serviceaccount:a:runner" cannot delete resource "secrets"',
  "failed to fetch oauth token: unexpected status from GET request to https://auth.example/token: 401 Unauthorized",
  "the bearer token is missing",
  'password authentication failed for user "app"',
  "GET http://127.0.0.1:5000/v2/lab/bundle/manifests/sha256:0000: MANIFEST_UNKNOWN: Unknown manifest",
  "0/1 nodes are available: 1 Insufficient cpu.",
  "mail to ops@example.com about https://example.com/a@b",
  "127.0.0.1:5000/lab/action@sha256:f6680eaf56e83eac28e007b14dec8202f76a4030900024571f32adba1c3d68fa",
];

describe("redact removes", () => {
  for (const [sentence, text, redacted] of secrets) {
    it(sentence, () => {
      assert.equal(redact(text), redacted);
    });
  }
});

describe("redact knows as a secret", () => {
  for (const [sentence, { text, secret, kept }] of Object.entries(secretExamples)) {
    it(sentence, () => {
      const redacted = redact(text);
      assert.ok(!redacted.includes(secret) && redacted.includes(kept), redacted);
    });
  }
});

describe("redact leaves alone", () => {
  for (const text of harmless) {
    it(text, () => {
      assert.equal(redact(text), text);
    });
  }
});
