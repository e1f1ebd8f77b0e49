// Where editors look; the rules themselves are those of CI.
export { default } from './.ci/eslint.config.mjs';
