import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { secretExamples } from "../../test/support/secret-examples.ts";
import { createRedactor, REDACTED } from "./redact.ts";

const redact = createRedactor([]);
const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl";

describe("a text without its secrets", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      "the user and password of a URL",
      "dial postgres://audit:pw@db:5432/audit: refused",
      "dial postgres://[redacted]@db:5432/audit: refused",
    ],
    ["a password with an at sign", "postgresql://audit:p@w@db/audit", "postgresql://[redacted]@db/audit"],
    ["the user info of each URL", "http://a:b@c and https://d:e@f/g", "http://[redacted]@c and https://[redacted]@f/g"],
    ["a token that is the user of a URL", "https://ghp_abc@github.com/x", "https://[redacted]@github.com/x"],
    [
      "the password in a URL's query",
      "postgres://db/audit?user=a&password=pw&x=1",
      "postgres://db/audit?user=a&password=[redacted]&x=1",
    ],
    ["a bearer token", "sent Bearer abcdefghijklmnopqrstuvwxyz0123", "sent Bearer [redacted]"],
    [
      "an authorization header",
      "Authorization: Basic dXNlcjpwdw==, accept: */*",
      "Authorization: [redacted], accept: */*",
    ],
    ["a service account's token", `the token is ${JWT} here`, "the token is [redacted] here"],
    [
      "the password of a connection string",
      "host=db password=pw dbname=audit",
      "host=db password=[redacted] dbname=audit",
    ],
    ["a quoted password", `password = 'p w' dbname=audit`, "password = [redacted] dbname=audit"],
    ["a password in YAML", "dbPassword: pw\nuser: a", "dbPassword: [redacted]\nuser: a"],
    ["a token in JSON", '{"api_token":"abc","name":"x"}', '{"api_token":[redacted],"name":"x"}'],
    [
      "a private key",
      "key -----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY----- end",
      "key [redacted] end",
    ],
    ["a private key that was cut off", "-----BEGIN PRIVATE KEY-----\nMIIE", "[redacted]"],
  ];
  for (const [sentence, text, shown] of cases) {
    it(`hides ${sentence}`, () => {
      assert.equal(redact(text), shown);
    });
  }

  for (const [sentence, example] of Object.entries(secretExamples)) {
    it(`hides ${sentence}, as other texts do`, () => {
      const redacted = redact(example.text) as string;
      assert.ok(!redacted.includes(example.secret) && redacted.includes(example.kept), redacted);
    });
  }

  const kept: readonly (readonly [string, string])[] = [
    ["a URL without user", "https://kubernetes.default.svc:443/api/v1/namespaces"],
    ["an image with its digest", "oci://registry.example/team/app@sha256:0123456789abcdef"],
    ["an address of a person", "owner mail@example.com"],
    ["the name of a Secret", 'secrets "db-password" not found'],
    ["talk about tokens", "the bearer token expired"],
  ];
  for (const [sentence, text] of kept) {
    it(`keeps ${sentence}`, () => {
      assert.equal(redact(text), text);
    });
  }

  // A test's own timeout can't interrupt a regular expression. Quadratic would be a minute here, linear is half a second.
  const LONGEST_MS = 8_000;
  const repeated = [
    "a.",
    "a-b.",
    "_",
    "password",
    "eyJ-",
    "://",
    "bearer ",
    "authorization:",
    "https://a:",
    'password="\\',
    "--a.",
    "cookie",
    "-----BEGIN PRIVATE KEY-----",
  ];
  for (const part of repeated) {
    it(`is found in linear time in a long text of ${part}`, () => {
      const text = part.repeat(100_000);
      const started = performance.now();
      redact(text);
      assert.ok(performance.now() - started < LONGEST_MS);
    });
  }
});

describe("a value without its secrets", () => {
  it("hides fields by their name, at any depth and whatever they hold", () => {
    const value = {
      headers: { Authorization: ["Bearer x"], "set-cookie": "y", accept: "z" },
      list: [{ password: "a", clientSecret: "b", "api-key": "c", accessToken: { value: "d" }, privateKey: 5 }],
    };
    assert.deepEqual(redact(value), {
      headers: { Authorization: REDACTED, "set-cookie": REDACTED, accept: "z" },
      list: [
        {
          password: REDACTED,
          clientSecret: REDACTED,
          "api-key": REDACTED,
          accessToken: REDACTED,
          privateKey: REDACTED,
        },
      ],
    });
  });

  it("tells whether a secret is set", () => {
    const value = { password: null, token: true, apiKey: false };
    assert.deepEqual(redact(value), value);
  });

  it("keeps everything else as it is", () => {
    const value = { a: 1, b: [null, true, "c", { __proto__: null, d: {} }], secretName: "x", tokens: 3 };
    assert.deepEqual(redact(value), structuredClone(value));
  });
});

describe("a secret known by its value", () => {
  const PASSWORD = "correct/horse battery";
  const URL_TEXT = `postgresql://audit:${encodeURIComponent(PASSWORD)}@db:5432/audit`;
  const knowing = createRedactor([URL_TEXT]);

  const cases: readonly (readonly [string, string, string])[] = [
    ["as a whole", `connect ${URL_TEXT}`, "connect [redacted]"],
    ["its password as written in it", `x ${encodeURIComponent(PASSWORD)} y`, "x [redacted] y"],
    ["its password decoded", `x ${PASSWORD} y`, "x [redacted] y"],
  ];
  for (const [sentence, text, shown] of cases) {
    it(`is hidden: ${sentence}`, () => {
      assert.equal(knowing(text), shown);
    });
  }

  it("is hidden where an object was formatted into a message", () => {
    const quoted = createRedactor([`say "friend"`]);
    assert.equal(quoted(JSON.stringify({ a: `say "friend" and enter` })), '{"a":"[redacted] and enter"}');
  });

  it("is hidden as a whole where another secret is a part of it", () => {
    assert.equal(createRedactor(["part", "part of it"])("part of it"), REDACTED);
  });

  it("may have a password with a broken escape", () => {
    assert.equal(createRedactor(["postgresql://a:100%percent@db/x"])("100%percent"), REDACTED);
  });

  it("doesn't hide a word of every day because it is somebody's password", () => {
    assert.equal(createRedactor(["postgresql://a:audit@db/x"])("audit backlog is 3"), "audit backlog is 3");
  });

  it("hides nothing for an empty secret", () => {
    assert.equal(createRedactor([""])("text"), "text");
  });

  it("is in no field, wherever it was put", () => {
    const secret = "canary-5e0c8f";
    const hiding = createRedactor([secret]);
    const around = fc.string({ unit: "grapheme" });
    const value = fc.tuple(around, around).map(([before, after]) => `${before}${secret}${after}`);
    fc.assert(
      fc.property(fc.object({ key: fc.constantFrom("a", "b", "msg", "url"), values: [value] }), (object) => {
        assert.ok(!JSON.stringify(hiding(object)).includes(secret));
      }),
    );
  });
});
