import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { connect } from "node:net";
import type { NetConnectOpts } from "node:net";

/** What shows that a process does its work. It is kept as JSON, so that any process can start another one again. */
export type ReadyCheck =
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "port"; readonly host: string; readonly port: number }
  | { readonly kind: "socket"; readonly path: string };

const requestTimeoutMs = 5_000;

/** Asks once. */
export function isReady(check: ReadyCheck): Promise<boolean> {
  switch (check.kind) {
    case "http":
      return answersOk(check.url);
    case "port":
      return accepts({ host: check.host, port: check.port });
    case "socket":
      return accepts({ path: check.path });
  }
}

/** The certificate is not looked at: this asks whether a server is there, not who it is. */
function answersOk(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const send = url.startsWith("https:") ? requestHttps : requestHttp;
    const request = send(url, { rejectUnauthorized: false, agent: false, timeout: requestTimeoutMs }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => {
      resolve(false);
    });
    request.end();
  });
}

function accepts(where: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...where, timeout: requestTimeoutMs });
    function settle(accepted: boolean): void {
      socket.destroy();
      resolve(accepted);
    }
    socket.on("connect", () => {
      settle(true);
    });
    socket.on("timeout", () => {
      settle(false);
    });
    socket.on("error", () => {
      settle(false);
    });
  });
}
