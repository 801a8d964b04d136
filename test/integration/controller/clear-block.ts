import { ANNOTATION_CLEAR_BLOCK, ANNOTATION_CLEARED_BY } from "../../../pkg/api/labels.ts";
import type { World } from "../../support/controller-world.ts";

/** Asks for a clearing as a person does: two annotations, the second with one's own name. Gives that name. */
export async function clearBlock(world: World, object: readonly string[], text: string): Promise<string> {
  const me = await world.kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}");
  const wish = [`${ANNOTATION_CLEAR_BLOCK}=${text}`, `${ANNOTATION_CLEARED_BY}=${me}`];
  await world.kubectl("annotate", ...object, ...wish);
  return me;
}
