import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { packBundle } from "../../../pkg/bundle/pack.ts";
import { pushImage } from "../../../pkg/bundle/push.ts";
import { parsePushTarget } from "../../../pkg/bundle/reference.ts";
import type { RegistryOptions } from "../../../pkg/bundle/registry-session.ts";
import { startFakeRegistry } from "./fake-registry.ts";
import type { FakeRegistry, RegistryBehaviour } from "./fake-registry.ts";

const text = `
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: { name: workflow }
spec: { tasks: [{ name: a, taskSpec: { steps: [{ name: b, image: c, script: exit }] } }] }
`;
const { image } = packBundle([{ name: "pipeline.yaml", text }]);
const { digest } = image.manifest;
const credentials = { username: "me", password: "secret:word" };
const userAndPassword = "me:secret:word";

const started: FakeRegistry[] = [];
afterEach(async () => {
  for (const registry of started.splice(0)) await registry.close();
});

async function start(behaviour: RegistryBehaviour = {}): Promise<FakeRegistry> {
  const registry = await startFakeRegistry(behaviour);
  started.push(registry);
  return registry;
}

function push(registry: FakeRegistry, options: RegistryOptions = {}, rest = "team/fix:v1"): Promise<string> {
  return pushImage(image, parsePushTarget(`${registry.address}/${rest}`), options);
}

describe("pushImage", () => {
  it("uploads what is missing, then the manifest under its tag, and gives the pinned reference", async () => {
    const registry = await start();
    assert.equal(await push(registry), `${registry.address}/team/fix@${digest}`);
    const upload = [
      "HEAD /v2/team/fix/blobs/DIGEST",
      "POST /v2/team/fix/blobs/uploads/",
      "PUT /v2/team/fix/blobs/uploads/ID?state=a+b&digest=DIGEST",
    ];
    assert.deepEqual(registry.requests, [
      "GET /v2/",
      ...upload,
      ...upload,
      "PUT /v2/team/fix/manifests/v1",
      "HEAD /v2/team/fix/manifests/DIGEST",
    ]);
    assert.deepEqual(registry.manifests.get("team/fix:v1"), image.manifest.bytes);
    for (const blob of [image.config, ...image.layers]) assert.ok(registry.blobs.has(blob.digest));
  });

  it("uploads nothing that is there already", async () => {
    const registry = await start();
    await push(registry);
    const before = registry.requests.length;
    assert.equal(await push(registry), `${registry.address}/team/fix@${digest}`);
    assert.deepEqual(
      registry.requests.slice(before).filter((request) => request.startsWith("POST")),
      [],
    );
  });

  it("pushes under the digest alone where there is no tag", async () => {
    const registry = await start();
    await push(registry, {}, "team/fix");
    assert.ok(registry.requests.includes("PUT /v2/team/fix/manifests/DIGEST"));
    assert.ok(registry.manifests.has(`team/fix:${digest}`));
  });

  it("fetches a token with its credentials when the registry asks for one, once", async () => {
    const registry = await start({ login: { scheme: "bearer", userAndPassword } });
    await push(registry, { credentials });
    assert.deepEqual(registry.requests.slice(0, 5), [
      "GET /v2/",
      "HEAD /v2/team/fix/blobs/DIGEST",
      "GET /token?service=test&scope=repository%3Ateam%2Ffix%3Apull%2Cpush (Basic)",
      "HEAD /v2/team/fix/blobs/DIGEST (Bearer)",
      "POST /v2/team/fix/blobs/uploads/ (Bearer)",
    ]);
    assert.equal(registry.requests.filter((request) => request.startsWith("GET /token")).length, 1);
  });

  it("fetches another token when the first one has run out", async () => {
    const registry = await start({ login: { scheme: "bearer", userAndPassword }, tokenLife: 3 });
    assert.match(await push(registry, { credentials }), /@sha256:/);
    assert.equal(registry.requests.filter((request) => request.startsWith("GET /token")).length, 3);
  });

  it("sends its credentials themselves where the registry wants Basic", async () => {
    const registry = await start({ login: { scheme: "basic", userAndPassword } });
    assert.match(await push(registry, { credentials }), /@sha256:/);
  });

  it("gives no credentials to another origin that an upload is sent to", async () => {
    const storage = await start();
    const uploadsAt = `http://${storage.address}`;
    const registry = await start({ login: { scheme: "basic", userAndPassword }, uploadsAt });
    await push(registry, { credentials });
    assert.deepEqual(storage.requests, [
      "PUT /v2/team/fix/blobs/uploads/ID?state=a+b&digest=DIGEST",
      "PUT /v2/team/fix/blobs/uploads/ID?state=a+b&digest=DIGEST",
    ]);
  });
});

const failures: Readonly<
  Record<string, readonly [behaviour: RegistryBehaviour, options: RegistryOptions, message: RegExp]>
> = {
  "there are no credentials": [
    { login: { scheme: "bearer", userAndPassword } },
    {},
    /GET http:\S+\/token: 401 UNAUTHORIZED: bad credentials \(\S+: no credentials for it in docker's config.json/,
  ],
  "there are none for Basic": [
    { login: { scheme: "basic", userAndPassword } },
    {},
    /wants a login \(no credentials for it/,
  ],
  "the credentials are wrong": [
    { login: { scheme: "bearer", userAndPassword } },
    { credentials: { username: "me", password: "wrong" } },
    /401 UNAUTHORIZED: bad credentials \(\S+: with the credentials of docker's config.json\)$/,
  ],
  "the user may not push": [
    {
      intercept: (request, response) => {
        if (request.method !== "POST") return false;
        response.writeHead(403).end('{"errors":[{"code":"DENIED","message":"read only"}]}');
        return true;
      },
    },
    { credentials },
    /^POST http:\S+\/v2\/team\/fix\/blobs\/uploads\/: 403 DENIED: read only$/,
  ],
  "the registry breaks": [
    {
      intercept: (request, response) => {
        if (request.method !== "PUT") return false;
        response.writeHead(502).end("<html>\nBad   gateway</html>");
        return true;
      },
    },
    {},
    /^PUT http:\S+\/v2\/team\/fix\/blobs\/uploads\/[0-9a-f-]{36}: 502 <html> Bad gateway<\/html>$/,
  ],
  "the registry hangs": [
    { intercept: (request) => request.method === "POST" },
    { timeoutMs: 300 },
    /^POST http:\S+: no answer within 0.3 s$/,
  ],
  "an upload has no address": [
    {
      intercept: (request, response) => {
        if (request.method === "POST") response.writeHead(202).end();
        return request.method === "POST";
      },
    },
    {},
    /202 without a Location$/,
  ],
  "the login is at an address in the clear": [
    {
      intercept: (_, response) => {
        response.writeHead(401, { "www-authenticate": 'Bearer realm="http://auth.example.com/token"' }).end();
        return true;
      },
    },
    { credentials },
    /names http:\/\/auth\.example\.com\/token for the login: that is no https address$/,
  ],
  "the login is of an unknown kind": [
    {
      intercept: (_, response) => {
        response.writeHead(401, { "www-authenticate": "Negotiate" }).end();
        return true;
      },
    },
    { credentials },
    /wants a login that is neither Bearer nor Basic$/,
  ],
};

describe("pushImage says what is wrong", () => {
  for (const [sentence, [behaviour, options, message]] of Object.entries(failures)) {
    it(`when ${sentence}`, async () => {
      await assert.rejects(push(await start(behaviour), options), (error: Error) => {
        assert.equal(error.name, "RegistryError");
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /secret/);
        return true;
      });
    });
  }

  it("when nobody listens, for both schemes", async () => {
    const registry = await start();
    await registry.close();
    await assert.rejects(push(registry), /^RegistryError: GET https:.*ECONNREFUSED.*; GET http:.*ECONNREFUSED/);
  });
});
