import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { logIn } from "./registry-login.ts";
import type { Login } from "./registry-login.ts";

const login: Login = {
  registry: "10.0.0.1:5000",
  scope: "repository:a:pull,push",
  credentials: { username: "me", password: "secret" },
  mayLogIn: true,
  plainHttp: false,
  timeoutMs: 1_000,
};

describe("logIn", () => {
  it("answers Basic with the credentials", async () => {
    assert.equal(await logIn(login, { scheme: "basic" }), `Basic ${Buffer.from("me:secret").toString("base64")}`);
  });

  it("keeps the credentials to itself on a connection that isn't fit for them", async () => {
    await assert.rejects(logIn({ ...login, mayLogIn: false }, { scheme: "basic" }), {
      message: "10.0.0.1:5000 wants a login over plain http: say --plain-http if that is meant",
    });
  });

  for (const realm of ["http://auth.example.com/token", "ftp://auth.example.com", "/token", ""]) {
    it(`fetches no token from "${realm}"`, async () => {
      await assert.rejects(logIn(login, { scheme: "bearer", realm }), /for the login: that is no https address/);
    });
  }
});
