import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The language keeps what begins with `#` to its class; the keyword is a wish. */
const privateByHash = {
  selector:
    ":matches(PropertyDefinition, MethodDefinition[kind!='constructor'], TSParameterProperty)[accessibility='private']",
  message: 'Make it private by #.',
};

export default tseslint.config(
  { basePath: root, ignores: ['dist/**', 'node_modules/**', 'coverage/**'] },
  eslint.configs.recommended,
  {
    basePath: root,
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    basePath: root,
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        // The engine's page runs in browsers, and is checked with their types.
        project: ['./tsconfig.json', './src/engine/page/app/tsconfig.json'],
        tsconfigRootDir: root,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    basePath: root,
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', privateByHash] },
  },
  {
    // Rooms without I/O: no clock, no chance, no environment, no foreign thing; the table is in docs/architecture.md.
    basePath: root,
    files: [
      'src/{feel,json,java,fields,operations,providers,rest-connector,job,retry,typed}/**/*.ts',
      'src/secrets/placeholders.ts',
      'src/http/request.ts',
      'src/templates/build.ts',
      'src/errors.ts',
      'src/engine/{state,turn,data,rules,commands}/**/*.ts',
    ],
    // The door of FEEL to the process.
    ignores: ['src/feel/index.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'fetch', 'setTimeout', 'setInterval', 'performance', 'crypto', 'globalThis'].map(
          (name) => ({
            name,
            message: 'This room has no I/O: take what you need as an argument (docs/architecture.md).',
          }),
        ),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Take the random number as an argument.' },
      ],
      'no-restricted-syntax': [
        'error',
        privateByHash,
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Take the time as an argument.',
        },
      ],
    },
  },
  {
    // One door per foreign thing.
    basePath: root,
    files: ['src/**/*.ts'],
    ignores: ['src/http/execute.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'axios', message: 'src/http/execute.ts is the door to axios.' }] },
      ],
    },
  },
  {
    // Sizes and names. Tests are read from top to bottom and may be long.
    basePath: root,
    files: ['src/**/*.ts'],

    rules: {
      'max-lines-per-function': ['error', { max: 60 }],
      'max-depth': ['error', 4],
      // With types inline (`import { a, type B }`) one import of a module is enough.
      'no-duplicate-imports': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'variableLike', format: ['camelCase'] },
        { selector: 'typeLike', format: ['PascalCase'] },
        { selector: ['classMethod', 'classProperty', 'accessor'], format: ['camelCase'] },
        // Names that were given elsewhere: `const { DefaultAzureCredential } = await import(..)`, `override _flush()`.
        { selector: 'variable', modifiers: ['destructured'], format: null },
        { selector: 'classMethod', modifiers: ['override'], format: null },
        // A parameter that has to be there, or a property that is left out: `const { index: _, ...rest } = piece`.
        {
          selector: ['parameter', 'variable'],
          modifiers: ['unused'],
          format: ['camelCase'],
          leadingUnderscore: 'allow',
        },
      ],
    },
  },
);
