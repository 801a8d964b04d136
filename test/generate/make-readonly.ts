import ts from "typescript";

/** Puts `readonly` before every property, index signature and array type of TypeScript declarations; nothing else is touched. */
export function makeReadonly(source: string): string {
  const file = ts.createSourceFile("generated.ts", source, ts.ScriptTarget.Latest);
  const places: number[] = [];
  visit(file);
  return places.reduceRight((text, place) => `${text.slice(0, place)}readonly ${text.slice(place)}`, source);

  function visit(node: ts.Node): void {
    if (ts.isPropertySignature(node) || ts.isIndexSignatureDeclaration(node) || ts.isArrayTypeNode(node)) {
      places.push(node.getStart(file));
    }
    ts.forEachChild(node, visit);
  }
}
