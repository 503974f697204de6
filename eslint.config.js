import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Which folders each folder may import, besides itself, as drawn in docs/ARCHITECTURE.md.
 * The compiler enforces the same by project references, but the message of lint names the rule.
 */
const MAY_IMPORT = {
  contracts: [],
  platform: [],
  workflows: ['contracts'],
  activities: ['contracts', 'platform'],
  workers: ['contracts', 'platform', 'activities'],
  client: ['contracts', 'platform'],
  simulators: [],
  local: ['contracts', 'platform', 'activities', 'workers', 'client', 'simulators'],
  bench: ['contracts', 'platform', 'workflows', 'activities', 'workers', 'client', 'simulators', 'local'],
};
const FOLDERS = [...Object.keys(MAY_IMPORT), 'test'];

/** Packages that do I/O, which the pure folders may not import. */
const PURE = {
  contracts: ['@temporalio/*', 'node:*', 'pg', '@aws-sdk/*', '@alicloud/*', 'undici', 'pino'],
  workflows: [
    'node:*',
    'pg',
    'zod',
    'pino',
    '@aws-sdk/*',
    '@alicloud/*',
    'undici',
    '@temporalio/client',
    '@temporalio/worker',
    '@temporalio/activity',
  ],
};

const boundaries = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...FOLDERS.filter((other) => other !== folder && !allowed.includes(other)).map((other) => ({
            group: [`**/../${other}/**`],
            message: `${folder}/ may not import ${other}/ (see docs/ARCHITECTURE.md).`,
          })),
          ...(PURE[folder] ? [{ group: PURE[folder], message: `${folder}/ is pure: no I/O.` }] : []),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ['dist/**', '.muster/**', 'node_modules/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'Only platform/config.ts reads the environment.',
        },
      ],
    },
  },
  { files: ['platform/config.ts', 'test/setup/rerun.ts'], rules: { 'no-restricted-syntax': 'off' } },
  ...boundaries,
);
