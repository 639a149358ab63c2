/**
 * Loaded by `import()` at the first call, because it takes 120 ms. Through this module: bundled with code splitting, an
 * `import()` of a CommonJS package has no named exports.
 */
export { ApifyClient } from 'apify-client'
