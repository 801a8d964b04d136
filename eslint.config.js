import tseslint from "typescript-eslint";

/** The limits of docs/style: short functions, small files, few parameters. */
const limits = {
  // A switch over a union counts once: its arms are a table, not branches to keep in mind.
  complexity: ["error", { max: 10, variant: "modified" }],
  "max-lines": ["error", { max: 300 }],
  "max-lines-per-function": ["error", { max: 50 }],
  "max-params": ["error", 4],
  "max-depth": ["error", 3],
  "func-style": ["error", "declaration", { allowArrowFunctions: false }],
  "no-restricted-syntax": ["error", { selector: "ExportDefaultDeclaration", message: "name what you export" }],
  eqeqeq: "error",
  "no-console": "error",
};

const pureRooms = ["pkg/api/**", "pkg/execution/**", "pkg/lock/**", "pkg/tekton/**"];

export default tseslint.config(
  {
    ignores: [
      "eslint.config.js",
      "dist/**",
      "node_modules/**",
      ".cluster/**",
      "**/*.gen.ts",
      ".dependency-cruiser.cjs",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    files: ["**/*.ts"],
    rules: {
      ...limits,
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // node:test's describe/it return promises that the runner itself awaits.
      "@typescript-eslint/no-floating-promises": [
        "error",
        {
          allowForKnownSafeCalls: [
            { from: "package", package: "node:test", name: ["describe", "it", "test", "suite"] },
          ],
        },
      ],
    },
  },
  {
    files: pureRooms,
    ignores: ["**/*.test.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        "process",
        "setTimeout",
        "setInterval",
        "setImmediate",
        "fetch",
        "performance",
        "crypto",
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "pure rooms are given the time" },
        { object: "Math", property: "random", message: "pure rooms are given their ids" },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "pure rooms are given the time" },
        { selector: "ExportDefaultDeclaration", message: "name what you export" },
        { selector: "ClassDeclaration", message: "no classes in the pure rooms" },
      ],
    },
  },
  // People read what the commands and the test tools print.
  { files: ["cmd/**", "test/**"], rules: { "no-console": "off" } },
  // A test file is a list of cases: the describe callback may be long.
  { files: ["**/*.test.ts"], rules: { "max-lines-per-function": "off" } },
);
