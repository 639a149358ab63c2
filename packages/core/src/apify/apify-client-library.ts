/**
 * Loaded by `import()` at the first call, as it takes 120 ms. By way of this module: what `import()` of a CommonJS package
 * gives has no named exports once it is bundled with code splitting.
 */
export { ApifyClient } from 'apify-client'
