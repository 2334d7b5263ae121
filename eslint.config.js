// What our scripts keep to, as ruff's rules in pyproject.toml do for Python: npm install && npm run lint

import js from "@eslint/js";
import globals from "globals";

const reveal = { Reveal: "readonly", RevealNotes: "readonly" };

export default [
  { ignores: ["**/vendor/", "build/", "dist/", ".venv/"] },
  js.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    rules: {
      eqeqeq: "error",
      "max-lines-per-function": ["error", { max: 30, skipBlankLines: true, skipComments: true }],
      "prefer-const": "error",
    },
  },
  { files: ["workshop/slides/*.js"], languageOptions: { globals: reveal } },
];
