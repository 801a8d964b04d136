import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface RefusingRegistry {
  /** host:port, plain http. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

const ANSWER = JSON.stringify({ errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] });

/** A registry that knows nobody: it answers every request with 401, as the OCI distribution specification has it. */
export async function startRefusingRegistry(): Promise<RefusingRegistry> {
  const server = createServer((_request, response) => {
    response.writeHead(401, { "content-type": "application/json", "www-authenticate": 'Basic realm="faults"' });
    response.end(ANSWER);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${String(port)}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
