import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import {importX} from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Who may import whom: docs/architecture.md, "Zones". */
const zones = [
  {
    target: './src/core',
    from: ['./src', './connectors'],
    except: ['./core'],
    message: 'core imports core alone',
  },
  {
    target: './src/stages',
    from: ['./src', './connectors'],
    except: ['./core', './stages'],
    message: 'a stage imports core and its own library',
  },
  {
    target: './src/config',
    from: ['./src', './connectors'],
    except: ['./core', './config'],
    message: 'config imports core alone',
  },
  {
    target: ['./src/http.ts', './src/http'],
    from: ['./src', './connectors'],
    except: ['./core', './http'],
    message: 'http imports core alone',
  },
  {
    target: './src/admin',
    from: ['./src', './connectors'],
    except: ['./core', './admin'],
    message: 'admin imports core alone; what it shows arrives as arguments',
  },
  {
    target: './connectors',
    from: ['./src'],
    except: ['./core', './http.ts'],
    message: 'a connector imports core, http and itself',
  },
];

/** A library has one home, so that another can take its place. */
const homes = {
  kafkajs: ['src/stages/source/**', 'src/commands/**'],
  undici: ['src/http.ts', 'src/http/**'],
};

export default tseslint.config(
  {ignores: ['dist/', '.services/', '.cache/', 'coverage/']},
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: {'import-x': importX},
    languageOptions: {parserOptions: {projectService: true}},
    rules: {
      'import-x/no-restricted-paths': ['error', {basePath: import.meta.dirname, zones}],
      'no-restricted-imports': ['error', {paths: Object.keys(homes)}],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', {allowNumber: true, allowBoolean: true}],
      '@typescript-eslint/no-confusing-void-expression': ['error', {ignoreArrowShorthand: true}],
      '@typescript-eslint/no-non-null-assertion': 'error',
      'max-lines': ['error', {max: 250}],
      'max-lines-per-function': ['error', {max: 40, skipBlankLines: true, skipComments: true}],
      'no-console': 'error',
    },
  },
  ...Object.entries(homes).map(([name, files]) => ({
    files,
    rules: {
      'no-restricted-imports': ['error', {paths: Object.keys(homes).filter((other) => other !== name)}],
    },
  })),
  {
    files: ['test/**', 'bench/**', 'scripts/**', '**/*.test.ts', '**/testing/**'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-imports': 'off',
      'no-console': 'off',
      'import-x/no-restricted-paths': 'off',
    },
  },
  {files: ['**/*.mjs'], languageOptions: {globals: {process: 'readonly', console: 'readonly'}}},
  prettier,
);
