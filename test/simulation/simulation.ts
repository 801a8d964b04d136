import { requestOf } from "./api-request.ts";
import type { Bounds, Product } from "./bounds.ts";
import { controllerMoves, lateMoves } from "./controller-moves.ts";
import { Controllers } from "./controller.ts";
import { watchStores } from "../../pkg/controller/triggers.ts";
import { absorb } from "../../pkg/execution/absorb.ts";
import { nextStep } from "../../pkg/execution/next-step.ts";
import { range } from "./layout.ts";
import type { Move } from "./move.ts";
import { peopleMoves } from "./people.ts";
import { tektonFaults, tektonMoves } from "./tekton.ts";
import { World } from "./world.ts";

/** The product as it is. */
export const PRODUCT: Product = { nextStep, absorb, request: requestOf, watch: watchStores };

/** A world, who acts in it, and everything that can happen. */
export interface Simulation {
  readonly world: World;
  readonly controllers: Controllers;
  readonly moves: readonly Move[];
  /** What goes on by itself: Tekton, the kubelet, the garbage collector. */
  readonly progress: readonly Move[];
  /** Of each controller, the number of the move that makes its request. */
  readonly requests: readonly number[];
  /** Of each late request, the number of the move that lets it arrive. */
  readonly arrivals: readonly number[];
}

/** A simulation of that product within these bounds. */
export function aSimulation(bounds: Bounds, product: Product = PRODUCT): Simulation {
  const world = new World(bounds, product);
  const controllers = new Controllers(world);
  const each = range(bounds.controllers).map((index) => controllerMoves(world, controllers, index));
  const tekton = world.indices.flatMap((index) => tektonMoves(world, index));
  const late = lateMoves(world, controllers);
  const faults = world.indices.flatMap((index) => tektonFaults(world, index));
  const moves = [...each.flat(), ...late, ...tekton, ...faults, ...peopleMoves(world)];
  const possible = moves.filter(({ budget }) => budget === undefined || bounds.budgets[budget] > 0);
  const requests = each.flatMap((own) => own.slice(0, 1)).map((move) => possible.indexOf(move));
  const arrivals = late.map((move) => possible.indexOf(move));
  return { world, controllers, moves: possible, progress: tekton, requests, arrivals };
}
