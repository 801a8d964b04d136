import { createConnection, type Connection } from "../../../pkg/kube/connection.ts";

const REQUEST_TIMEOUT_MS = 30_000;
/** As kubectl: the controller's requests go first. */
const RATE = { qps: 50, burst: 100 };

/**
 * What the work gives that is done with a connection to the cluster; it is closed whatever becomes of the work.
 *
 * @param kubeconfig one or more paths; without it the default places are looked at
 * @throws ApiError or the error of a connection, as the work does; Error where the kubeconfig is of no use
 */
export async function withConnection<T>(
  kubeconfig: string | undefined,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = createConnection({
    timeoutMs: REQUEST_TIMEOUT_MS,
    rate: RATE,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
